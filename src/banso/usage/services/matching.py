"""Saying whose the messages of an unknown sender are.

A match is a rule: it holds for what waits, which the next drain reads again, and for what comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.accounts.services.keys import forget_key
from banso.kit import clock
from banso.kit.errors import InvalidInputError
from banso.usage.models import EventSource, MatchRule, UnmatchedParty
from banso.usage.models.unmatched import DOMAIN, GROUP
from banso.usage.services.intake.holding import mark_due
from banso.usage.services.suppression import allow_again
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.services.records import take
from banso.workspace.types import Actor


@transaction.atomic
def match_party(*, actor: Actor, party: UnmatchedParty, account: Any) -> MatchRule:
    """Say that a sender belongs to an account; a match made before is replaced.

    Raises:
        NotFoundError: the sender has been matched meanwhile.
    """
    require(actor, "usage.match")
    take(party)
    if party.kind == GROUP:
        allow_again(party.source, party.key)
    rule = _rule(actor, party.source, party.kind, party.key, account)
    _read_again([party])
    return rule


@transaction.atomic
def match_domain(*, actor: Actor, source: EventSource, domain: str, account: Any) -> MatchRule:
    """Say that everybody with mail addresses of a domain belongs to an account.

    Raises:
        InvalidInputError: the domain is empty or too long.
    """
    require(actor, "usage.match")
    domain = domain.strip().lower()
    if not domain or len(domain) > 253:
        raise InvalidInputError(_("Name the domain."))
    rule = _rule(actor, source, DOMAIN, domain, account)
    waiting = UnmatchedParty.objects.filter(source=source, email__iendswith=f"@{domain}")
    _read_again(list(waiting))
    return rule


@transaction.atomic
def ignore_party(*, actor: Actor, party: UnmatchedParty, ignored: bool = True) -> None:
    """Say that a sender is nobody's, or take that back; what it holds is dropped after a while."""
    require(actor, "usage.match")
    take(party)
    if (party.ignored_at is not None) == ignored:
        return
    party.ignored_at = clock.now() if ignored else None
    party.save(update_fields=["ignored_at"])
    action = "sender.ignored" if ignored else "sender.restored"
    image = _image(party.source, party.kind, party.key)
    audit.record(actor, action, "sender", party.uid, after=image)


@transaction.atomic
def remove_rule(*, actor: Actor, rule: MatchRule) -> None:
    """Take a match back for what is to come; what was counted for the account stays."""
    require(actor, "usage.match")
    take(rule)
    before = {**_image(rule.source, rule.kind, rule.key), "account": rule.account_id}
    audit.record(actor, "sender.match_removed", "sender", rule.uid, before=before)
    if rule.kind == GROUP:
        # A group call that came under the rule has made the group's id one of the account's.
        forget_key(actor=actor, source=rule.source.key, key=rule.key, account_id=rule.account_id)
    rule.delete()


def _rule(actor: Actor, source: EventSource, kind: str, key: str, account: Any) -> MatchRule:
    rule, _made = MatchRule.objects.update_or_create(
        source=source,
        kind=kind,
        key=key,
        defaults={
            "account": account,
            "created_by_id": actor.user_id,
            "created_at": clock.now(),
        },
    )
    after = {**_image(source, kind, key), "account": account.pk}
    audit.record(actor, "sender.matched", "sender", rule.uid, after=after)
    return rule


def _read_again(parties: Sequence[UnmatchedParty]) -> None:
    for party in parties:
        party.ignored_at = None
    UnmatchedParty.objects.bulk_update(parties, ["ignored_at"])
    mark_due(parties)


def _image(source: EventSource, kind: str, key: str) -> dict[str, Any]:
    return {"source": source.name, "kind": kind, "key": key}
