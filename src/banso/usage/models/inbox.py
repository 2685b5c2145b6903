"""What the collection API has accepted and the worker has not taken yet, and what it refused."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from banso.usage.models.sources import EventSource


class InboxBatch(models.Model):
    """One accepted request, byte for byte; it goes in the transaction that keeps its events."""

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    #: The route's name: track, identify, group, page, screen, alias or batch.
    route = models.CharField(max_length=10)
    received_at = models.DateTimeField()
    body = models.BinaryField()
    #: Whether ``body`` is compressed with gzip, by its sender or here.
    is_gzip = models.BooleanField(default=False)
    #: Messages in it that were accepted.
    messages = models.PositiveIntegerField()
    #: Positions of the messages that were refused at the door and lie in quarantine.
    refused = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Not tried again before this moment.
    retry_at = models.DateTimeField(null=True)
    #: Set when it failed too often; it waits for a person, and no other batch waits for it.
    set_aside_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], name="inbox_waiting", condition=models.Q(set_aside_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.route} {self.messages}"


class RefusedMessage(models.Model):
    """A message in quarantine: kept whole, with the reason, until it is replayed or discarded."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    received_at = models.DateTimeField()
    #: When the sender's clock said that the request left; corrects the message's own time.
    sent_at = models.CharField(max_length=40, blank=True)
    #: Its place in the request.
    position = models.PositiveIntegerField()
    route = models.CharField(max_length=10)
    message_key = models.CharField(max_length=200, blank=True)
    #: Why: one of ``banso.usage.types.REFUSALS``.
    code = models.CharField(max_length=30)
    body = models.BinaryField()
    replayed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["source", "-received_at"], name="refused_of_source")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.code}"
