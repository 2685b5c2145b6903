"""Reads of accounts, people, the timeline, tasks and saved segments."""

from banso.accounts.selectors.accounts import (
    account_by_uid,
    accounts_by_ids,
    keys,
    search,
    segment_names,
    similar,
    visible,
)
from banso.accounts.selectors.contacts import contact_by_uid, contacts, search_contacts
from banso.accounts.selectors.segments import segment_by_uid, segments
from banso.accounts.selectors.tasks import open_tasks, task_by_uid, tasks
from banso.accounts.selectors.timeline import entry_by_uid, timeline, touches

__all__ = [
    "account_by_uid",
    "accounts_by_ids",
    "contact_by_uid",
    "contacts",
    "entry_by_uid",
    "keys",
    "open_tasks",
    "search",
    "search_contacts",
    "segment_by_uid",
    "segment_names",
    "segments",
    "similar",
    "task_by_uid",
    "tasks",
    "timeline",
    "touches",
    "visible",
]
