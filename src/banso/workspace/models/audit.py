"""The audit log: who did what, in an unbroken chain of hashes."""

from __future__ import annotations

from django.db import models


class AuditHead(models.Model):
    """The last link of the chain; locked while the next one is written."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.seq}"


class AuditEntry(models.Model):
    """One link: who, what, on which record. Holds no personal data beyond the actor's id."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=80, db_index=True)
    target_type = models.CharField(max_length=60)
    target_uid = models.CharField(max_length=64, db_index=True)
    #: Hash of the detail, so that a change to it shows while it can still be erased on request.
    detail_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditDetail(models.Model):
    """What changed, kept outside the chain because it may name people."""

    entry = models.OneToOneField(
        AuditEntry, on_delete=models.CASCADE, primary_key=True, related_name="detail"
    )
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.entry_id}"
