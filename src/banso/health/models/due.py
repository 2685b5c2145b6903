"""Accounts that somebody changed and that are to be judged at once."""

from __future__ import annotations

from django.db import models


class DueAccount(models.Model):
    """A change to one account that its score may show; it goes when the worker has judged it."""

    #: No foreign key: the account may be gone before the worker comes to it.
    account_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.account_id}"
