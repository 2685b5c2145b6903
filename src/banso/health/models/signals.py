"""What is worth a person's attention, and where it holds."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from banso.health.types import LIVE_SIGNALS, Direction, Outcome, SignalStatus


class SignalRule(models.Model):
    """A condition over metrics and score that is worth a person's attention."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.SlugField(max_length=60, unique=True)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    direction = models.CharField(
        max_length=11, choices=[(d.value, d.value) for d in Direction], default=Direction.RISK
    )
    #: 1 (worth a look) to 3 (today).
    severity = models.PositiveSmallIntegerField(default=2)
    #: All conditions must hold; described in ``banso.health.rules.conditions``.
    conditions = models.JSONField()
    #: What to do about it, shown as the next step.
    advice_ja = models.CharField(max_length=300, blank=True)
    advice_en = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)
    is_builtin = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["direction", "-severity", "key"]

    def __str__(self) -> str:
        return self.key


class Signal(models.Model):
    """A rule that holds for an account: one live signal per account and rule."""

    #: Made by the worker from other rows, so it keeps nobody from removing its account.
    is_projection: ClassVar[bool] = True

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(SignalRule, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(
        max_length=8,
        default=SignalStatus.OPEN,
        choices=[(s.value, s.value) for s in SignalStatus],
    )
    #: Metric key, ``score`` or ``band`` to [value, value before where the rule compares].
    evidence = models.JSONField(default=dict)
    #: The first day of the unbroken days on which the rule held; often before it was noticed.
    since = models.DateField()
    last_seen_on = models.DateField()
    #: First day on which a snoozed signal may come back.
    snoozed_until = models.DateField(null=True)
    #: Whether the rule held when last looked at; a resolved signal keeps it quiet until it has not.
    still_holds = models.BooleanField(default=True)
    reason = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(
        max_length=12, blank=True, choices=[(o.value, o.value) for o in Outcome]
    )
    closed_by = models.ForeignKey(
        "workspace.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    #: When it was noticed; on a pinned day the end of that day.
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["account", "status"]), models.Index(fields=["status"])]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "rule"],
                condition=Q(status__in=LIVE_SIGNALS),
                name="one_live_signal",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.rule_id} {self.status}"
