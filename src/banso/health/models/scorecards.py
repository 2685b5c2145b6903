"""How health is judged, by which version, and what people set beside it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q

from banso.health.types import Sentiment
from banso.workspace.selectors import business_day


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
    #: The business day on which somebody ended it, the first on which it holds no more; a day that
    #: lies in the past while the product looks at a pinned one.
    ended_on = models.DateField(null=True)
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
