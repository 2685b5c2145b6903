"""Tables of products, subscriptions and the lines of their history."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class Product(models.Model):
    """Something sold by subscription: a plan or an add-on.

    Products of one ``family`` replace each other (Light → Premium is one subscription that was
    upgraded); products of different families run side by side.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    family = models.CharField(max_length=120, blank=True)
    is_addon = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """One unbroken span of service of one product family to one account."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    family = models.CharField(max_length=120, blank=True)
    #: Set when the source itself says which lines belong together.
    external_id = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3)
    started_on = models.DateField()
    #: First day without service; null while nothing ends it.
    ended_on = models.DateField(null=True, blank=True)
    auto_renew = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["account", "started_on", "id"]
        indexes = [models.Index(fields=["account", "family", "started_on"])]

    def __str__(self) -> str:
        return f"{self.family} {self.started_on}"


class SubscriptionLine(models.Model):
    """What was agreed for a span of days: product, price and seats.

    ``end_on`` is the first day on which the line no longer holds. ``term_end_on`` is where the
    agreed term ends, known from the start; it differs from ``end_on`` when the customer left early.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="lines")
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    start_on = models.DateField()
    end_on = models.DateField(null=True, blank=True)
    term_end_on = models.DateField(null=True, blank=True)
    #: Monthly recurring price in minor units of the currency.
    mrr_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    seats = models.PositiveIntegerField(null=True, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    billing_period_months = models.PositiveSmallIntegerField(null=True, blank=True)
    discount = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    is_trial = models.BooleanField(default=False)
    #: Whether ``end_on`` is where another line renewed this one; the source told no end.
    ended_by_renewal = models.BooleanField(default=False, db_default=False)
    auto_renew = models.BooleanField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200)

    class Meta:
        ordering = ["start_on", "id"]
        indexes = [models.Index(fields=["account", "start_on"])]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="line_once"),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gt=F("start_on")),
                name="line_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start_on} {self.mrr_minor} {self.currency}"
