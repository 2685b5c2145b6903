"""The values of one metric over all accounts, side by side."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class MetricColumn(models.Model):
    """One metric of every account as of one day, in one row: what filters and sorting read.

    ``values`` are little-endian float64 in the order of the account ids, NaN = none. The account
    ids, little-endian int64 and ascending, are the row whose key is empty. Eighty kilobytes per
    10,000 accounts are read at once; the same figures in :class:`Pulse` lie among kilobytes of
    JSON of every account.
    """

    #: Made by the worker from other rows, so it keeps nobody from removing an account.
    is_projection: ClassVar[bool] = True

    key = models.CharField(max_length=80, blank=True)
    #: Days before the day that was judged; 0 = that day.
    days_ago = models.PositiveSmallIntegerField(default=0)
    values = models.BinaryField()
    #: Hash of the values, by which the worker sees what changed.
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "days_ago"], name="metric_column_once")
        ]

    def __str__(self) -> str:
        return f"{self.key or 'accounts'} −{self.days_ago}"
