"""The ASGI application that the web server runs: events, live notes, and pages in threads."""

from __future__ import annotations

import gc
import os
from functools import partial
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")
django.setup()

from banso.api.collect.app import PREFIX, Collector  # noqa: E402
from banso.api.collect.committing import Committer  # noqa: E402
from banso.api.collect.keys import Keys  # noqa: E402
from banso.api.collect.room import Room  # noqa: E402
from banso.config.numbering import numbered  # noqa: E402
from banso.config.pages import Pages  # noqa: E402
from banso.config.parents import end_with_parent  # noqa: E402
from banso.config.probes import PATHS, probes  # noqa: E402
from banso.config.threads import in_thread  # noqa: E402
from banso.kit.asgi import Receive, Scope, Send  # noqa: E402
from banso.usage.selectors.write_keys import write_keys  # noqa: E402
from banso.usage.services.inbox import keep_arrivals, use_good_connection  # noqa: E402
from banso.web.live.hub import Hub  # noqa: E402
from banso.web.live.reading import reader_of_cookies, subscribe  # noqa: E402
from banso.web.live.stream import PATH as LIVE_PATH  # noqa: E402
from banso.web.live.stream import LiveStreams  # noqa: E402
from banso.workspace.services.bulletins import (  # noqa: E402
    ACCOUNTS,
    bulletins_after,
    latest_bulletin,
    watch,
)

DEFAULT_THREADS = 6
_threads = int(os.environ.get("BANSO_THREADS", DEFAULT_THREADS))
_pages = Pages(get_wsgi_application(), _threads)
_committer = Committer(keep_arrivals, use_good_connection)
_collector = numbered(
    Collector(Keys(in_thread(write_keys)), _committer, Room(Path(settings.DATA_DIR)))
)
_hub = Hub(
    in_thread(latest_bulletin), in_thread(bulletins_after), in_thread(partial(watch, ACCOUNTS))
)
_live = numbered(LiveStreams(_hub, in_thread(subscribe), in_thread(reader_of_cookies)))
_probes = numbered(probes)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand a request to whom it is for."""
    if scope["type"] == "lifespan":
        await _last(receive, send)
    elif scope["path"].startswith(PREFIX):
        await _collector(scope, receive, send)
    elif scope["path"] == LIVE_PATH:
        await _live(scope, receive, send)
    elif scope["path"] in PATHS:
        await _probes(scope, receive, send)
    else:
        await _pages(scope, receive, send)


async def _last(receive: Receive, send: Send) -> None:
    """Begin with the server, and keep what still waits before it ends."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            end_with_parent()
            _committer.start()
            _collect_garbage_seldom()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            _committer.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _collect_garbage_seldom() -> None:
    """What the process consists of is never garbage; looking through it again holds up requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
