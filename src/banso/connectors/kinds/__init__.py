"""The kinds of file that can be imported, one module each."""

from __future__ import annotations

from banso.connectors.kinds.accounts import AccountsWriter
from banso.connectors.kinds.activities import ActivitiesWriter
from banso.connectors.kinds.base import Change, Context, Outcome, Writer
from banso.connectors.kinds.contacts import ContactsWriter
from banso.connectors.kinds.nps import NpsWriter
from banso.connectors.kinds.subscriptions import SubscriptionsWriter
from banso.connectors.kinds.tickets import TicketsWriter
from banso.connectors.kinds.usage import UsageWriter
from banso.connectors.types import Kind

__all__ = ["WRITERS", "Change", "Context", "Outcome", "Writer"]

WRITERS: dict[Kind, type[Writer]] = {
    Kind.ACCOUNTS: AccountsWriter,
    Kind.CONTACTS: ContactsWriter,
    Kind.SUBSCRIPTIONS: SubscriptionsWriter,
    Kind.USAGE: UsageWriter,
    Kind.TICKETS: TicketsWriter,
    Kind.NPS: NpsWriter,
    Kind.ACTIVITIES: ActivitiesWriter,
}
