"""Where events come from: the products and pages that send to the collection API."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class EventSource(models.Model):
    """One sender of events, such as a web application or its server."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    #: Names the source in usage rows and external ids; never changes.
    key = models.CharField(max_length=60, unique=True)
    is_enabled = models.BooleanField(default=True)
    #: Whether group calls may create accounts that nobody knows yet.
    creates_accounts = models.BooleanField(default=True)
    #: Whether a user's mail domain may say to which account he belongs.
    matches_domains = models.BooleanField(default=True)
    first_event_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WriteKey(models.Model):
    """What a sender shows to be let in.

    It is kept readable: browsers carry it in the open, and all it allows is to send.
    """

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    #: From then on it is refused; a rotation sets it ahead so that clients can be moved over.
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source_id} …{self.key[-4:]}"
