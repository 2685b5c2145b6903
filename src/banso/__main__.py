"""``python -m banso``: the command line."""

import sys

from banso.config.cli import main

sys.exit(main(sys.argv[1:]))
