"""What is measured."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class Metric(models.Model):
    """Something measured per account and day, defined as data that the engine compiles."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.SlugField(max_length=80, unique=True)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    #: The engine's definition; its form is described in ``banso.engine.definitions``.
    definition = models.JSONField()
    #: How a value is shown: number, percent (42 reads 42 %), days, money, minutes, points.
    unit = models.CharField(max_length=10, default="number")
    #: Whether more is better; null where neither is.
    more_is_better = models.BooleanField(null=True)
    is_builtin = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
