"""What to do with a request: which of its messages are taken, and under which ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from banso.usage.rules.collect.bodies import cut, no_json
from banso.usage.rules.collect.messages import Name, named, read_message
from banso.usage.rules.collect.naming import Namer
from banso.usage.rules.collect.plain import read_plain
from banso.usage.rules.collect.values import Refused, may_hold_bad_values


class _OnlyKey(msgspec.Struct, rename="camel"):
    message_id: Name = None


_only_key = msgspec.json.Decoder(_OnlyKey)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One message that goes to quarantine."""

    position: int
    code: str
    message_key: str
    body: bytes


@dataclass(slots=True)
class Examined:
    """A request whose messages were all looked at.

    ``keys`` are the ids of the accepted messages, in order.
    """

    sent_at: str
    write_key: str
    keys: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def examine(body: bytes, route: str, received_at: datetime) -> Examined:
    """Look at every message of an unpacked body.

    Raises:
        InvalidInputError: the body as a whole cannot be used; ``code`` says why.
    """
    careful = may_hold_bad_values(body)
    plain = read_plain(body) if route == "batch" and not careful else None
    if plain:
        return Examined(_short(plain.sent_at), _text(plain.write_key), plain.ids)
    request = cut(body, route)
    found = Examined(_short(request.sent_at), request.write_key)
    name = Namer(body, request.sent_at, received_at).name
    careful = careful or not request.is_plain
    for position, raw in enumerate(request.messages):
        text = bytes(raw)
        try:
            message = read_message(text, route, careful=careful)
            found.keys.append(named(message.message_id) or name(text, position))
        except Refused as refused:
            found.refused.append(Refusal(position, refused.code, _key_in(text), text))
        except ValueError:
            raise no_json() from None
    return found


def _short(sent_at: Any) -> str:
    return named(sent_at)[:40]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _key_in(text: bytes) -> str:
    """The id in a refused message, as far as it can be read."""
    try:
        return named(_only_key.decode(text).message_id).replace("\0", "")[:200]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
