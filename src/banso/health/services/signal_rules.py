"""Creating, changing and switching signal rules."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.health.events import SignalRuleChanged
from banso.health.models import Metric, Signal, SignalRule
from banso.health.rules.conditions import Compare, parse, to_dict
from banso.health.rules.problems import refuse
from banso.health.selectors.wording import worded
from banso.health.services import fields
from banso.health.services.signals import recount
from banso.health.types import LIVE_SIGNALS, Direction, SignalStatus
from banso.kit import clock
from banso.workspace.policies import require
from banso.workspace.services import audit, events
from banso.workspace.types import Actor

EDITABLE = (
    "name_ja",
    "name_en",
    "direction",
    "severity",
    "conditions",
    "advice_ja",
    "advice_en",
)


def checked_conditions(data: object) -> dict[str, Any]:
    """The conditions in their one written form, checked against the metrics there are.

    Raises:
        InvalidInputError: ``fields`` maps places such as ``all[0].value`` to what is wrong.
    """
    conditions = worded(parse, data)
    known = set(Metric.objects.filter(is_archived=False).values_list("key", flat=True))
    problems = {
        f"all[{i}].metric": _("There is no such metric.")
        for i, item in enumerate(conditions.all)
        if isinstance(item, Compare) and item.key != "score" and item.key not in known
    }
    if set(conditions.show) - known:
        problems["show"] = _("There is no such metric.")
    refuse(problems, "invalid-signal-rule")
    return to_dict(conditions)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := values.keys() - set(EDITABLE):
        raise fields.refuse(min(unknown), _("This cannot be changed."))
    checked = dict(values)
    for field in {"name_ja", "name_en"} & values.keys():
        checked[field] = fields.name(field, values[field])
    for field in {"advice_ja", "advice_en"} & values.keys():
        checked[field] = fields.text(field, values[field], 300)
    if values.get("direction", Direction.RISK) not in {item.value for item in Direction}:
        raise fields.refuse("direction", _("A signal is a risk or an opportunity."))
    if values.get("severity", 1) not in (1, 2, 3):
        raise fields.refuse("severity", _("The severity is 1, 2 or 3."))
    if "conditions" in values:
        checked["conditions"] = checked_conditions(values["conditions"])
    return checked


@transaction.atomic
def create_rule(*, actor: Actor, key: str, **values: Any) -> SignalRule:
    """Add a rule; ``values`` are the fields in ``EDITABLE``, names and conditions at least."""
    require(actor, "health.design")
    key = fields.key(key)
    if SignalRule.objects.filter(key=key).exists():
        raise fields.refuse("key", _("Another rule has this key already."))
    required = {field: values.get(field) for field in ("name_ja", "name_en", "conditions")}
    checked = _checked({**values, **required})
    rule = SignalRule.objects.create(key=key, updated_at=clock.now(), **checked)
    after = {"key": key, **checked}
    audit.record(actor, "signal_rule.created", "signal_rule", rule.uid, after=after)
    events.publish(SignalRuleChanged(rule.pk))
    return rule


@transaction.atomic
def change_rule(*, actor: Actor, rule: SignalRule, **changes: Any) -> SignalRule:
    """Change fields in ``EDITABLE``; open signals follow with the next run of the worker."""
    require(actor, "health.design")
    before, after = fields.changed(rule, _checked(changes))
    if not after:
        return rule
    _write(rule, after)
    audit.record(actor, "signal_rule.changed", "signal_rule", rule.uid, before=before, after=after)
    events.publish(SignalRuleChanged(rule.pk))
    return rule


@transaction.atomic
def switch_rule(*, actor: Actor, rule: SignalRule, on: bool) -> SignalRule:
    """Switch a rule on or off; switched off, its live signals are cleared at once."""
    require(actor, "health.design")
    if rule.is_active == on:
        return rule
    _write(rule, {"is_active": on})
    cleared = 0 if on else _clear(rule)
    action = "signal_rule.switched_on" if on else "signal_rule.switched_off"
    after = {"cleared": cleared}
    audit.record(actor, action, "signal_rule", rule.uid, after=after)
    events.publish(SignalRuleChanged(rule.pk))
    return rule


def _write(rule: SignalRule, values: dict[str, Any]) -> None:
    for field, value in values.items():
        setattr(rule, field, value)
    rule.updated_at = clock.now()
    rule.save(update_fields=[*values, "updated_at"])


def _clear(rule: SignalRule) -> int:
    live = Signal.objects.filter(rule=rule, status__in=LIVE_SIGNALS)
    accounts = set(live.values_list("account_id", flat=True))
    live.update(
        status=SignalStatus.CLEARED,
        still_holds=False,
        snoozed_until=None,
        closed_at=clock.now(),
    )
    for account_id in accounts:
        recount(account_id)
    return len(accounts)
