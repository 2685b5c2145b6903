"""The description by which the demo's files are imported together."""

from __future__ import annotations

from typing import Any

import yaml

from banso.connectors.demo.accounts import ACCOUNT_COLUMNS, SUBSCRIPTION_COLUMNS
from banso.connectors.demo.activities import ACTIVITY_COLUMNS
from banso.connectors.demo.people import CONTACT_COLUMNS
from banso.connectors.demo.plans import products
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
_FIELDS = {
    "account_external_id": "account",
    "contact_external_id": "contact",
    "author_email": "author",
    "cs_owner_email": "cs_owner",
    "sales_owner_email": "sales_owner",
}
"""Columns that are named otherwise than the fields they fill."""

_FIELDS_OF_USAGE = {**_FIELDS, "user_key": "user"}
_DESCRIBED_BY_PRODUCTS = ("family", "is_addon")


def _columns(kind: str, columns: tuple[str, ...]) -> dict[str, str]:
    names = _FIELDS_OF_USAGE if kind == "usage" else _FIELDS
    return {
        names.get(column, column): column
        for column in columns
        if column not in _DESCRIBED_BY_PRODUCTS
    }


def _entry(kind: str, columns: tuple[str, ...]) -> dict[str, Any]:
    entry: dict[str, Any] = {"kind": kind, "file": f"{kind}.csv", "attributes": "none"}
    entry |= {"read": {"encoding": "utf-8"}, "columns": _columns(kind, columns)}
    if kind == "subscriptions":
        entry |= {"end_is": "exclusive", "products": products()}
    if kind == "usage":
        entry["shape"] = "counted"
    return entry


def project_text() -> str:
    """The YAML for ``banso import all``."""
    project = {"source": SOURCE, "files": [_entry(kind, columns) for kind, columns in _FILES]}
    return yaml.safe_dump(project, allow_unicode=True, sort_keys=False)
