"""Who is behind collected messages: people, groups, and who belongs where.

Moments are whole microseconds since 1970 (UTC), because they are compared and never shown. What is
kept here comes out the same in whatever order the messages arrive.
"""

from __future__ import annotations

from django.db import models

from banso.usage.models.sources import EventSource


class Person(models.Model):
    """Somebody as one source knows him, by ``userId``."""

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    user_key = models.CharField(max_length=200)
    #: Lower case; its domain may say to which account he belongs.
    email = models.CharField(max_length=254, blank=True)
    #: Trait → [value, moment, message key] of the last message that gave it.
    traits = models.JSONField(default=dict)
    #: Contact field → value that this source set; what somebody changed since stays his.
    applied = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "user_key"], name="person_once_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.user_key}"


class KnownAs(models.Model):
    """An id from before the sign-in (``anonymousId``, ``previousId``), and who it turned out to be.

    A shared browser has several; of times seen, the nearest one before a message counts.
    """

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    former_key = models.CharField(max_length=200)
    user_key = models.CharField(max_length=200, db_index=True)
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    #: Key of the message of ``last_at``; decides between equal moments.
    last_key = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "former_key", "user_key"], name="known_as_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.former_key}={self.user_key}"


class Membership(models.Model):
    """A person in a group; one person may be in several, as in a product with workspaces."""

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    user_key = models.CharField(max_length=200)
    group_key = models.CharField(max_length=200, db_index=True)
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    #: Key of the message of ``last_at``; decides between equal moments.
    last_key = models.CharField(max_length=200)
    #: The last time he was taken out of it; past when he was seen in it again since.
    left_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "user_key", "group_key"], name="membership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.user_key}@{self.group_key}"


class KnownGroup(models.Model):
    """What group calls of a source say about a company, by ``groupId``."""

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    group_key = models.CharField(max_length=200)
    #: Trait → [value, moment, message key] of the last message that gave it.
    traits = models.JSONField(default=dict)
    #: Account field → value that this source set; what a person changed since stays his.
    applied = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "group_key"], name="group_once_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.group_key}"
