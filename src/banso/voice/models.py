"""Tables of the voice of the customer."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class NpsAnswer(models.Model):
    """One answer to “how likely are you to recommend us?”.

    An answer may belong to no account, as in a survey among users at large.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "accounts.Account", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    contact = models.ForeignKey(
        "accounts.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(db_index=True)
    wave = models.CharField(max_length=80, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200)

    class Meta:
        ordering = ["-answered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="nps_once"),
            models.CheckConstraint(condition=models.Q(score__lte=10), name="nps_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.score}"
