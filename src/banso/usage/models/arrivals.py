"""What came in lately, for those who watch a source being connected."""

from __future__ import annotations

from django.db import models

from banso.usage.models.sources import EventSource


class ArrivalMinute(models.Model):
    """How many messages a source sent in one minute, and what became of them."""

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    #: The minute in which they were received.
    minute = models.DateTimeField()
    #: Taken: usage, people and groups.
    accepted = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    #: In quarantine, at the door or later; requests that were refused whole are not among them.
    refused = models.PositiveIntegerField(default=0)
    #: Wait until somebody knows whose they are.
    held = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["minute"]
        constraints = [
            models.UniqueConstraint(fields=["source", "minute"], name="arrivals_once_per_minute")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.minute}"


class RecentArrivals(models.Model):
    """The last messages of a source, newest first; of many at once only a few are shown."""

    source = models.OneToOneField(
        EventSource, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    #: Of each: at, type, name, user, group, outcome (accepted, duplicate, held), account_id.
    messages = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.source_id}"
