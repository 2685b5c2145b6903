"""Tables of usage: what arrived, which features exist, and the picture per account."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models


class UsageBatch(models.Model):
    """Usage rows as they were accepted: the truth from which the warehouse can be rebuilt.

    ``payload`` is an Arrow IPC stream (zstd) with the columns of the warehouse's raw events or
    counted days; the worker projects batches in the order of their ids.
    """

    RAW, COUNTED = "raw", "counted"
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=[(RAW, RAW), (COUNTED, COUNTED)])
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


class Feature(models.Model):
    """A feature of the customer's product, known by the event name that usage data carries."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200, blank=True)
    #: Core features are what the product is bought for.
    is_core = models.BooleanField(default=False)
    #: The event that means “somebody signed in”.
    is_login = models.BooleanField(default=False)
    first_seen_on = models.DateField(null=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name or self.key


class UsageProfile(models.Model):
    """One account's usage as pages show it, published by the worker.

    ``payload`` is zlib-compressed JSON: daily totals and features of the last 13 months, and a
    user × week matrix; its form is described with ``usage.types.Profile``.
    """

    #: Made by the worker from other rows, so it keeps nobody from removing its account.
    is_projection: ClassVar[bool] = True

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    last_active_on = models.DateField(null=True)
    payload = models.BinaryField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id}"
