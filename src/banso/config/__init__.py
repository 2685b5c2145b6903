"""Settings, addresses and start-up: the one place that knows every room.

Python's own ``sqlite3`` is linked against whatever SQLite the system ships. Versions before 3.51.3
can corrupt a database in WAL mode, so the bundled build takes its place before Django looks.
"""

import sys

import pysqlite3
import pysqlite3.dbapi2

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
