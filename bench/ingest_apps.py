"""What the collection front is measured against, each an ASGI application for granian.

``bare`` drops what it gets. ``plain_django`` is a Django async view and ``fast_api`` a FastAPI
route, written as their guides write them, which do the same work: find the source of the key,
unpack, check every message, keep the request durably, answer with the counts. FastAPI is given our
group commit; Django's view commits each request by itself.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")
KEY = "key-of-the-benchmark-00000000000"


async def bare(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    headers = [(b"content-length", b"2"), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


def plain_django() -> Any:
    import django

    django.setup()
    from django.conf import settings
    from django.core.asgi import get_asgi_application

    settings.ROOT_URLCONF = "bench.ingest_view"
    settings.MIDDLEWARE = []
    return get_asgi_application()


def fast_api() -> Any:
    import django

    import banso.config  # noqa: F401 - brings the SQLite that the product uses

    django.setup()
    from fastapi import FastAPI, Request
    from pydantic import BaseModel, Field

    from banso.api.collect.committing import Committer
    from banso.api.collect.keys import key_of_header
    from banso.usage.rules.collect.bodies import unpack
    from banso.usage.selectors.write_keys import write_keys
    from banso.usage.services.inbox import Arrival, keep_arrivals, use_good_connection

    class Message(BaseModel):
        type: str
        messageId: str = Field(max_length=99)  # noqa: N815
        userId: str | None = None  # noqa: N815
        anonymousId: str | None = None  # noqa: N815
        event: str | None = None
        timestamp: datetime | None = None
        properties: dict[str, Any] | None = None
        context: dict[str, Any] | None = None

    class Batch(BaseModel):
        batch: list[Message]
        sentAt: datetime | None = None  # noqa: N815

    keys = write_keys()
    committer = Committer(keep_arrivals, use_good_connection)
    committer.start()
    app = FastAPI()

    async def take(request: Request) -> dict[str, Any]:
        source, _ = keys[key_of_header(request.headers["authorization"].encode())]
        body = await request.body()
        is_gzip = request.headers.get("content-encoding") == "gzip"
        found = Batch.model_validate_json(unpack(body) if is_gzip else body)
        now = datetime.now(UTC)
        count = len(found.batch)
        await committer.kept(Arrival(source, "batch", now, body, is_gzip, count, "", ()))
        return {"success": True, "accepted": count, "duplicates": 0, "rejected": []}

    # Told by hand: the names in its signature are not those of this module.
    take.__annotations__ = {"request": Request}
    app.post("/v1/batch")(take)
    return app
