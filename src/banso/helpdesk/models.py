"""Tables of support tickets."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class Ticket(models.Model):
    """One request for help."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(
        "accounts.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject = models.CharField(max_length=300, blank=True)
    #: low, normal, high or urgent, whatever the source calls them.
    priority = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    #: The customer's rating of the answer, 1 to 5.
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    escalated = models.BooleanField(default=False)
    reopened = models.PositiveSmallIntegerField(default=0)
    sla_met = models.BooleanField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200)

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["account", "-opened_at"])]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="ticket_once")
        ]

    def __str__(self) -> str:
        return self.subject or self.external_id


class TicketChange(models.Model):
    """One step in a ticket's history."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="changes")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    status = models.CharField(max_length=40, blank=True)
    priority = models.CharField(max_length=8, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["ticket", "at", "seq"]
        constraints = [models.UniqueConstraint(fields=["ticket", "seq"], name="ticket_change_once")]

    def __str__(self) -> str:
        return f"{self.at} {self.status}"
