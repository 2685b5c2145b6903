"""Tables of metrics, scorecards, scores, signals and the book of business."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from banso.health.types import LIVE_SIGNALS, Band, Direction, Outcome, Sentiment, SignalStatus
from banso.workspace.selectors import business_day


class Metric(models.Model):
    """Something measured per account and day, defined as data that the engine compiles."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.SlugField(max_length=80, unique=True)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    #: The engine's definition; its form is described in ``banso.engine.definitions``.
    definition = models.JSONField()
    #: How a value is shown: number, percent (42 reads 42 %), days, money, minutes, points.
    unit = models.CharField(max_length=10, default="number")
    #: Whether more is better; null where neither is.
    more_is_better = models.BooleanField(null=True)
    is_builtin = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Scorecard(models.Model):
    """How health is judged for some of the accounts."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    is_default = models.BooleanField(default=False)
    #: The first scorecard in this order whose conditions fit an account judges it.
    position = models.PositiveIntegerField(default=0)
    #: Segments and lifecycle stages it applies to; empty lists mean all.
    segments = models.JSONField(default=list)
    lifecycles = models.JSONField(default=list)
    is_archived = models.BooleanField(default=False)

    class Meta:
        ordering = ["is_default", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_scorecard"
            )
        ]

    def __str__(self) -> str:
        return self.name_en


class ScorecardVersion(models.Model):
    """A scorecard as it was between two edits; never changed after it was made."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    #: Groups, measures, curves, weights, bands; described in ``banso.health.rules.spec``.
    spec = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    #: First business day that it judges; days before the first version are judged by that one.
    effective_on = models.DateField(default=business_day)
    created_by = models.ForeignKey(
        "workspace.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["scorecard", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "number"], name="scorecard_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.scorecard_id} v{self.number}"


class ScoreMonth(models.Model):
    """One account's scores of the days of one month under one scorecard version.

    ``payload`` is described in ``banso.health.rules.months``. One row a month keeps two years of
    10,000 accounts in 240,000 rows instead of 7.3 million.
    """

    #: Made by the worker from other rows, so it keeps nobody from removing its account.
    is_projection: ClassVar[bool] = True

    #: Made from other rows, so that it never keeps an account from being removed.
    is_projection = True

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(ScorecardVersion, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    payload = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "month", "version"], name="score_month_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month}"


class Pulse(models.Model):
    """Where one account stands now: what lists and Today read, published by the worker."""

    #: Made by the worker from other rows, so it keeps nobody from removing its account.
    is_projection: ClassVar[bool] = True

    is_projection = True

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, primary_key=True, related_name="pulse"
    )
    as_of = models.DateField()
    is_customer = models.BooleanField(default=False)
    version = models.ForeignKey(
        ScorecardVersion, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: The score that counts: the override where one holds, else the computed one; null = not
    #: enough data.
    score = models.FloatField(null=True, db_index=True)
    computed_score = models.FloatField(null=True)
    band = models.CharField(max_length=8, blank=True, choices=[(b.value, b.value) for b in Band])
    #: The band seven days ago, as it was judged then; empty where nothing was.
    band_7 = models.CharField(max_length=8, blank=True, choices=[(b.value, b.value) for b in Band])
    coverage = models.FloatField(default=0)
    change_7 = models.FloatField(null=True)
    change_28 = models.FloatField(null=True, db_index=True)
    #: Value and points of each measure, key to [value, points].
    measures = models.JSONField(default=dict)
    #: All metric values by key, for columns, filters and signals.
    metrics = models.JSONField(default=dict)
    #: The same 7 and 28 days earlier: ``{"d7": {key: value}, "d28": {…}}``.
    earlier = models.JSONField(default=dict)
    #: Scores of the last 13 weeks, oldest first, for the sparkline.
    spark = models.JSONField(default=list)
    #: Yearly recurring revenue in minor units of ``currency`` (the company's where mixed).
    arr_minor = models.BigIntegerField(default=0, db_index=True)
    currency = models.CharField(max_length=3, blank=True)
    renewal_on = models.DateField(null=True, db_index=True)
    seats = models.PositiveIntegerField(null=True)
    active_users = models.PositiveIntegerField(null=True)
    last_active_on = models.DateField(null=True, db_index=True)
    risks_open = models.PositiveSmallIntegerField(default=0)
    opportunities_open = models.PositiveSmallIntegerField(default=0)
    #: ARR × risk × nearness of renewal; the order of Today.
    stake = models.FloatField(default=0, db_index=True)
    #: Hash of everything above, by which the worker sees what changed.
    digest = models.CharField(max_length=32, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            # Counting, filtering and Today read these columns of every row; from the index that
            # takes a twentieth of what it takes from rows that carry kilobytes of JSON.
            models.Index(
                fields=[
                    "band",
                    "stake",
                    "is_customer",
                    "band_7",
                    "score",
                    "change_7",
                    "change_28",
                    "risks_open",
                    "opportunities_open",
                    "renewal_on",
                    "currency",
                    "arr_minor",
                    "account",
                ],
                name="pulse_at_a_glance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.score}"


class ScoreOverride(models.Model):
    """A score set by a person, with reason and end; it never changes the computed score."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(
        "workspace.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    from_day = models.DateField()
    #: Last day on which it holds.
    until_day = models.DateField()
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="one_override"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0) & Q(score__lte=100), name="override_0_to_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.score}"


class CsmSentiment(models.Model):
    """How a CSM felt about an account on a day; older ones are kept as history."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    value = models.CharField(max_length=5, choices=[(s.value, s.value) for s in Sentiment])
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(
        "workspace.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    from_day = models.DateField()
    #: Last day on which it still counts.
    until_day = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["account", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.account_id} {self.value}"


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
