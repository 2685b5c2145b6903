"""An account's usage as pages show it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class UsageProfile(models.Model):
    """One account's usage as pages show it, published by the worker.

    ``payload`` is zlib-compressed JSON: daily totals and features of the last 13 months, and a
    user × week matrix; its form is described with ``usage.types.Profile``.
    """

    #: Made by the worker from other rows, so it keeps nobody from removing its account.
    is_projection: ClassVar[bool] = True

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    last_active_on = models.DateField(null=True)
    payload = models.BinaryField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id}"
