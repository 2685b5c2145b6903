"""Short-lived notes between processes: what has changed, and what somebody has open."""

from __future__ import annotations

from django.db import models


class Bulletin(models.Model):
    """Records that changed in one transaction; open pages look here and fetch themselves anew."""

    topic = models.CharField(max_length=20)
    #: Primary keys of the records.
    ids = models.JSONField(default=list)
    posted_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.topic} {len(self.ids)}"


class Watch(models.Model):
    """A record that somebody has open; what is watched is brought up to date first."""

    topic = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "record_id"], name="watch_once_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.record_id}"
