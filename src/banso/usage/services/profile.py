"""Publishing what pages show of an account's usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from banso.kit import clock
from banso.usage.models import UsageProfile
from banso.usage.types import Profile


@transaction.atomic
def publish_profiles(profiles: Mapping[int, Profile]) -> None:
    """Put the profiles of accounts in the place of their former ones.

    Profiles repeat what batches hold, so that publishing them is no audited write.
    """
    now = clock.now()
    UsageProfile.objects.filter(account_id__in=list(profiles)).delete()
    UsageProfile.objects.bulk_create(
        [
            UsageProfile(
                account_id=account_id,
                last_active_on=profile.last_day,
                payload=profile.to_bytes(),
                published_at=now,
            )
            for account_id, profile in profiles.items()
        ],
        batch_size=500,
    )


def withdraw_profiles(account_ids: Sequence[int]) -> None:
    """Take back the profiles of accounts whose usage is gone."""
    UsageProfile.objects.filter(account_id__in=list(account_ids)).delete()
