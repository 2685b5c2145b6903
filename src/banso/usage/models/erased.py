"""What was erased and is not to come back by itself."""

from __future__ import annotations

from django.db import models


class ErasedKey(models.Model):
    """A source's id of an account that was erased; nothing of the id itself is kept."""

    #: Keyed hash of the source's key and the id, see ``usage.services.suppression``.
    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:8]
