"""Usage rows as they were accepted."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class UsageBatch(models.Model):
    """Usage rows as they were accepted: the truth from which the warehouse can be rebuilt.

    ``payload`` is an Arrow IPC stream (zstd) with the columns of the warehouse's raw events or
    counted days; the worker projects batches in the order of their ids. ``live`` rows are raw
    events from the collection API, whose keys were held against those of the last 35 days before
    they were kept: they are appended without looking for rivals. ``daily`` rows are what remains of
    raw events of long ago.
    """

    RAW, COUNTED, LIVE, DAILY = "raw", "counted", "live", "daily"
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.CharField(max_length=60)
    kind = models.CharField(
        max_length=8,
        choices=[(RAW, RAW), (COUNTED, COUNTED), (LIVE, LIVE), (DAILY, DAILY)],
    )
    #: The import that brought it, so that the import can be undone.
    origin = models.CharField(max_length=80, blank=True, db_index=True)
    rows = models.PositiveIntegerField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    payload = models.BinaryField()
    #: Of daily rows, digests of the keys of the events they were counted from, eight bytes each, so
    #: that a file that brings those events once more does not count.
    key_digests = models.BinaryField(default=b"")
    #: Null until the warehouse holds it and its accounts were judged by it.
    projected_at = models.DateTimeField(null=True, db_index=True)
    #: Set when it was undone; the payload stays until retention removes it.
    reverted_at = models.DateTimeField(null=True, db_index=True)
    #: When the rows were changed; null as soon as the warehouse has taken that over.
    stale_at = models.DateTimeField(null=True)
    #: Accounts to be judged anew when the warehouse has taken over what was changed.
    stale_accounts = models.JSONField(default=list)
    #: Why the warehouse could not take it; such a batch is passed over.
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], name="batch_stale", condition=models.Q(stale_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.rows}"
