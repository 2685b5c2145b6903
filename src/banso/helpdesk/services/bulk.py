"""Tickets that come in many at once, with their history where the source has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from banso.accounts.services.timeline import record_entries, withdraw_entries
from banso.accounts.types import ActivityKind, Entry
from banso.helpdesk.models import Ticket, TicketChange
from banso.workspace.policies import require
from banso.workspace.services import bulk
from banso.workspace.types import Actor, RowResult

TIMELINE_SOURCE = "helpdesk"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ticket's history."""

    at: datetime
    status: str = ""
    priority: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket as a source knows it.

    Args:
        external_id: the source's id.
        values: fields of a ticket; what is absent stays as it is.
        steps: its whole history in order of time; empty where the source tells none.
    """

    external_id: str
    values: Mapping[str, Any]
    steps: Sequence[Step] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class TicketResult:
    """What became of a ticket and of each of its steps."""

    ticket: RowResult
    steps: tuple[RowResult, ...]


@transaction.atomic
def upsert_tickets(
    *, actor: Actor, source: str, rows: Sequence[TicketRow], dry_run: bool = False
) -> list[TicketResult]:
    """Create or change tickets; the same rows again change nothing.

    Opening and closing appear on the account's timeline.

    Returns:
        One result per row, in order.
    """
    require(actor, "helpdesk.load")
    results, tickets = bulk.upsert_named(Ticket, "ticket", source, rows, dry_run=dry_run)
    steps = _upsert_steps(rows, tickets, dry_run=dry_run)
    if not dry_run:
        _tell(t for t, result in zip(tickets, results, strict=True) if result.after)
    return [TicketResult(result, tuple(s)) for result, s in zip(results, steps, strict=True)]


@transaction.atomic
def undo_tickets(
    *,
    actor: Actor,
    record_type: str,
    changes: Iterable[bulk.Change],
) -> bulk.Undone:
    """Take back what :func:`upsert_tickets` did to tickets or to their steps, newest first."""
    require(actor, "helpdesk.load")
    if record_type == "ticket_step":
        return bulk.undo(TicketChange, changes)
    listed = list(changes)
    tickets = Ticket.objects.in_bulk([key for key, _, _ in listed])
    undone = bulk.undo(Ticket, listed, owned=(TicketChange,))
    withdraw_entries(TIMELINE_SOURCE, _possible(tickets[key] for key in undone.removed))
    _tell(Ticket.objects.filter(pk__in=undone.restored))
    return undone


def _upsert_steps(
    rows: Sequence[TicketRow], tickets: Sequence[Ticket], *, dry_run: bool
) -> list[list[RowResult]]:
    keys = [ticket.pk for row, ticket in zip(rows, tickets, strict=True) if row.steps and ticket.pk]
    known = {
        (change.ticket_id, change.seq): change
        for change in TicketChange.objects.filter(ticket_id__in=keys)
    }
    drafts = [
        bulk.Row(
            known.get((ticket.pk, seq)),
            {
                "ticket_id": ticket.pk,
                "seq": seq,
                "at": step.at,
                "status": step.status,
                "priority": step.priority,
                "note": step.note,
            },
        )
        for row, ticket in zip(rows, tickets, strict=True)
        for seq, step in enumerate(row.steps, 1)
    ]
    results, _ = bulk.upsert(TicketChange, "ticket_step", drafts, new={}, dry_run=dry_run)
    left = iter(results)
    return [[next(left) for _ in row.steps] for row in rows]


def _possible(tickets: Iterable[Ticket]) -> set[str]:
    """The ids of everything that tickets can tell."""
    return {_entry_id(ticket, event) for ticket in tickets for event in ("opened", "closed")}


def _entry_id(ticket: Ticket, event: str) -> str:
    return f"{ticket.uid}:{event}"


def _tell(tickets: Iterable[Ticket]) -> None:
    """Bring the timelines in line with the tickets."""
    listed = list(tickets)
    entries = [entry for ticket in listed for entry in _entries(ticket)]
    withdraw_entries(TIMELINE_SOURCE, _possible(listed) - {entry.external_id for entry in entries})
    record_entries(entries)


def _entries(ticket: Ticket) -> Iterator[Entry]:
    moments = (("opened", ticket.opened_at), ("closed", ticket.closed_at))
    for event, at in moments:
        if at is not None:
            yield Entry(
                account_id=ticket.account_id,
                kind=ActivityKind.TICKET,
                happened_at=at,
                source=TIMELINE_SOURCE,
                external_id=_entry_id(ticket, event),
                data={"event": event, "priority": ticket.priority},
                title=ticket.subject or ticket.external_id,
                contact_id=ticket.contact_id,
            )
