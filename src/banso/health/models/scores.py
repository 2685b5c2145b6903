"""Where accounts stand and stood: the book of business and the history of scores."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from banso.health.models.scorecards import ScorecardVersion
from banso.health.types import Band


class ScoreMonth(models.Model):
    """One account's scores of the days of one month under one scorecard version.

    ``payload`` is described in ``banso.health.rules.months``. One row a month keeps two years of
    10,000 accounts in 240,000 rows instead of 7.3 million.
    """

    #: Made by the worker from other rows, so it keeps nobody from removing its account.
    is_projection: ClassVar[bool] = True

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
    #: All metric values by key; :class:`MetricColumn` has them for questions about many accounts.
    metrics = models.JSONField(default=dict)
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
