"""The features of the customer's product that usage names."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


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
