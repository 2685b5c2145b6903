"""Background work that a person can watch, leave, find again and cancel."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from banso.workspace.types import JobStatus


class Job(models.Model):
    """One piece of background work with its progress and result."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    #: While one job with a key waits, another with the same key is not queued.
    key = models.CharField(max_length=120, blank=True)
    params = models.JSONField(default=dict)
    status = models.CharField(
        max_length=10, default=JobStatus.QUEUED, choices=[(s.value, s.value) for s in JobStatus]
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    started_by = models.ForeignKey(
        "workspace.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    worker_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["status", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(status=JobStatus.QUEUED) & ~models.Q(key=""),
                name="one_waiting_job_per_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"


class WorkerHeartbeat(models.Model):
    """A sign of life of one worker process."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    #: What the process has counted and timed, in the text format of Prometheus.
    figures = models.TextField(blank=True, db_default="")

    def __str__(self) -> str:
        return self.worker_id


class WorkerLease(models.Model):
    """Which worker of all machines may write; held by compare-and-swap, without any clock.

    A holder counts ``renewals`` up; others take it for dead when that stands still while their own
    time runs. ``term`` grows with every holder, so that one who was thought dead finds out.
    """

    name = models.CharField(max_length=20, primary_key=True)
    #: Empty when nobody holds it.
    holder = models.CharField(max_length=64, blank=True)
    #: The machine and data directory of the holder: there a file lock tells the dead at once.
    place = models.CharField(max_length=300, blank=True)
    term = models.BigIntegerField(default=0)
    renewals = models.BigIntegerField(default=0)
    #: When it was last renewed, by the clock of the database; for people only.
    renewed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.holder or '-'}"


class Schedule(models.Model):
    """When a periodic job last fired; the next firing is claimed by compare-and-swap."""

    name = models.CharField(max_length=60, primary_key=True)
    last_fired_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
