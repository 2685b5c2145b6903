"""The kinds of file that can be imported, one module each."""

from __future__ import annotations

from banso.connectors.kinds.accounts import AccountsWriter
from banso.connectors.kinds.base import Change, Context, Outcome, Writer
from banso.connectors.kinds.subscriptions import SubscriptionsWriter
from banso.connectors.kinds.usage import UsageWriter
from banso.connectors.types import Kind

__all__ = ["WRITERS", "Change", "Context", "Outcome", "Writer"]

WRITERS: dict[Kind, type[Writer]] = {
    writer.kind: writer for writer in (AccountsWriter, SubscriptionsWriter, UsageWriter)
}
