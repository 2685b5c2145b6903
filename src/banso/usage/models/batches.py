"""Usage rows as they were accepted."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class UsageBatch(models.Model):
    """Usage rows as they were accepted: the truth from which the warehouse can be rebuilt.

    ``payload`` is an Arrow IPC stream (zstd) with the columns of the warehouse's raw events or
    counted days; the worker projects batches in the order of their ids. ``live`` rows are raw
    events from the collection API, whose keys were held against those of the last 35 days before
    they were kept: they are appended without looking for rivals.
    """

    RAW, COUNTED, LIVE = "raw", "counted", "live"
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=[(RAW, RAW), (COUNTED, COUNTED), (LIVE, LIVE)])
    #: The import that brought it, so that the import can be undone.
    origin = models.CharField(max_length=80, blank=True, db_index=True)
    rows = models.PositiveIntegerField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    payload = models.BinaryField()
    #: Null until the warehouse holds it and its accounts were judged by it.
    projected_at = models.DateTimeField(null=True, db_index=True)
    #: Set when it was undone; the payload stays until retention removes it.
    reverted_at = models.DateTimeField(null=True, db_index=True)
    #: Why the warehouse could not take it; such a batch is passed over.
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.rows}"
