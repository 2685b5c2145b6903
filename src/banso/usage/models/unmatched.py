"""Messages of nobody we know yet, and what people say about whose they are."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

from banso.usage.models.sources import EventSource

GROUP, USER, ANONYMOUS, DOMAIN = "group", "user", "anonymous", "domain"


class UnmatchedParty(models.Model):
    """A group, user or visitor whose messages wait because no account is known for them."""

    KINDS = ((GROUP, GROUP), (USER, USER), (ANONYMOUS, ANONYMOUS))
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=KINDS)
    key = models.CharField(max_length=200)
    #: Name and mail address as far as messages told them, to recognise the party by.
    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=254, blank=True)
    #: Messages that wait; those that were sent twice count twice until they are read again.
    messages = models.PositiveBigIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    #: One of the messages, as it came.
    sample = models.JSONField(default=dict)
    #: Something has become known that may match: what is held up to this row is read again.
    due_to = models.BigIntegerField(null=True)
    #: A person said that it is nobody's; what waits is dropped after a while.
    ignored_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-last_seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "key"], name="party_once_per_source")
        ]
        indexes = [
            models.Index(fields=["id"], name="party_due", condition=models.Q(due_to__isnull=False)),
            models.Index(fields=["-last_seen_at"], name="party_last_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class HeldMessages(models.Model):
    """Messages of a party, whole, with the times at which they were received and sent."""

    party = models.ForeignKey(UnmatchedParty, on_delete=models.CASCADE, related_name="held")
    messages = models.PositiveIntegerField()
    received_at = models.DateTimeField(db_index=True)
    #: Compressed; its form is described with ``usage.rules.intake.requests``.
    payload = models.BinaryField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.party_id} {self.messages}"


class MatchRule(models.Model):
    """A person's word on whose messages these are, for what waits and what will come."""

    KINDS = (*UnmatchedParty.KINDS, (DOMAIN, DOMAIN))
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=KINDS)
    #: Group, user or anonymous id, or the domain of the user's mail address.
    key = models.CharField(max_length=253)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "key"], name="rule_once_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} → {self.account_id}"
