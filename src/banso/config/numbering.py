"""Answers that Django does not give carry the number of their request too."""

from __future__ import annotations

import structlog

from banso.config.observe import HEADER, request_id
from banso.kit.asgi import Application, Receive, Scope, Send

_HEADER = HEADER.lower().encode()


def numbered(application: Application) -> Application:
    """The same application; each answer says its number, and so does every line logged for it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope["headers"]).get(_HEADER, b"")
        number = request_id(given.decode("latin-1"))
        header = (_HEADER, number.encode())

        async def send_with_number(message: Scope) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], header]
            await send(message)

        # Never taken back: it ends with the task of the request, after the server has logged
        # what went wrong in it.
        structlog.contextvars.bind_contextvars(request_id=number)
        await application(scope, receive, send_with_number)

    return answer
