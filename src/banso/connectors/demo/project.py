"""The description by which the demo's files are imported together."""

from __future__ import annotations

import yaml

from banso.connectors.demo.accounts import ACCOUNT_COLUMNS, SUBSCRIPTION_COLUMNS
from banso.connectors.demo.activities import ACTIVITY_COLUMNS
from banso.connectors.demo.people import CONTACT_COLUMNS
from banso.connectors.demo.surveys import NPS_COLUMNS
from banso.connectors.demo.tables import USAGE_COLUMNS
from banso.connectors.demo.tickets import TICKET_COLUMNS

SOURCE = "demo"
_FILES = (
    ("accounts", ACCOUNT_COLUMNS),
    ("contacts", CONTACT_COLUMNS),
    ("subscriptions", SUBSCRIPTION_COLUMNS),
    ("usage", USAGE_COLUMNS),
    ("tickets", TICKET_COLUMNS),
    ("nps", NPS_COLUMNS),
    ("activities", ACTIVITY_COLUMNS),
)


def project_text() -> str:
    """The YAML; columns are named like the fields they fill."""
    files = [
        {
            "kind": kind,
            "file": f"{kind}.csv",
            "encoding": "utf-8",
            "columns": {column: column for column in columns},
        }
        for kind, columns in _FILES
    ]
    project = {"source": SOURCE, "files": files}
    return yaml.safe_dump(project, allow_unicode=True, sort_keys=False)
