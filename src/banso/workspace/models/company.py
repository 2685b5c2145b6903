"""The one company whose installation this is."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Company(models.Model):
    """Company-wide settings; exactly one row, with id 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=200, default="Banso")
    language = models.CharField(max_length=8, default="ja")
    currency = models.CharField(max_length=3, default="JPY")
    time_zone = models.CharField(max_length=64, default="Asia/Tokyo")
    fiscal_start_month = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    restrict_to_own_book = models.BooleanField(default=False)
    #: The day the whole product looks at instead of today, for data that ends in the past.
    pinned_on = models.DateField(null=True, blank=True)
    #: Days without service that still count as one continuous subscription.
    grace_days = models.PositiveSmallIntegerField(default=7)
    #: Fixed rates, e.g. ``{"USD": "151.20"}``: what one unit is worth in the company's currency.
    exchange_rates = models.JSONField(default=dict, blank=True)

    #: Single events of so many months are kept, older ones counted by the day; 0 keeps all.
    keep_events_months = models.PositiveSmallIntegerField(
        default=13, validators=[MaxValueValidator(240)]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="company_is_one_row"),
        ]

    def __str__(self) -> str:
        return self.name
