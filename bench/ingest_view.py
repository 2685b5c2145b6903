"""A plain Django view that does the work of the collection front; see ``bench.ingest_apps``."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

from banso.api.collect.keys import key_of_header
from banso.usage.models import InboxBatch, WriteKey
from banso.usage.rules.collect.bodies import unpack
from banso.usage.rules.collect.door import examine


async def take(request: HttpRequest) -> JsonResponse:
    shown = key_of_header(request.headers["authorization"].encode())
    key = await WriteKey.objects.aget(key=shown)
    is_gzip = request.headers.get("content-encoding") == "gzip"
    now = timezone.now()
    found = examine(unpack(request.body) if is_gzip else request.body, "batch", now)
    await InboxBatch.objects.acreate(
        source_id=key.source_id,
        route="batch",
        received_at=now,
        body=request.body,
        is_gzip=is_gzip,
        messages=len(found.keys),
    )
    counts = {"accepted": len(found.keys), "duplicates": 0, "rejected": []}
    return JsonResponse({"success": True, **counts})


urlpatterns = [path("v1/batch", take)]
