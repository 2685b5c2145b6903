"""Opening the body of a request: unpacking it and cutting it into messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from isal import isal_zlib

from banso.kit.errors import InvalidInputError
from banso.usage.rules.collect import cutting
from banso.usage.rules.collect.limits import MOST_BODY, MOST_MESSAGES

_GZIP = 31
# The library calls the class an instance in its description of types.
_BROKEN: type[Exception] = isal_zlib.error  # type: ignore[assignment]


class TooLargeError(InvalidInputError):
    """The body, or what it unpacks to, is larger than the limit."""

    code = "body-too-large"


@dataclass(frozen=True, slots=True)
class Request:
    """A body cut into messages, each still JSON text.

    ``is_plain`` says that the whole was read as JSON; otherwise it was cut at its brackets, because
    one of the messages is such that no reader takes it, and each has yet to prove itself.
    """

    messages: list[bytes]
    sent_at: Any
    write_key: str
    is_plain: bool


class _Envelope(msgspec.Struct):
    batch: list[msgspec.Raw]
    sentAt: Any = None  # noqa: N815 - the names of the protocol
    writeKey: Any = None  # noqa: N815


class _Single(msgspec.Struct):
    sentAt: Any = None  # noqa: N815
    writeKey: Any = None  # noqa: N815


_envelope = msgspec.json.Decoder(_Envelope)
_single = msgspec.json.Decoder(_Single)
_anything = msgspec.json.Decoder()


def unpack(body: bytes) -> bytes:
    """What a gzip body holds.

    Raises:
        TooLargeError: it unpacks to more than the limit; no more than that is ever unpacked.
        InvalidInputError: ``bad-gzip``.
    """
    reader = isal_zlib.decompressobj(_GZIP)
    try:
        data = bytes(reader.decompress(body, MOST_BODY + 1))
    except _BROKEN:
        raise _no_gzip() from None
    if len(data) > MOST_BODY:
        raise too_large()
    if not reader.eof or reader.unused_data:
        raise _no_gzip()
    return data


def pack(body: bytes) -> bytes:
    """The gzip body that unpacks to these bytes; quick rather than small."""
    return isal_zlib.compress(body, 1, _GZIP)


def too_large() -> TooLargeError:
    """What to answer to a body over the limit."""
    return TooLargeError(
        f"The body is larger than {MOST_BODY:,} bytes.", remedy="Send fewer messages at a time."
    )


def cut(body: bytes, route: str) -> Request:
    """Cut a body into its messages; the same body is always cut in the same way.

    Args:
        body: JSON, unpacked.
        route: a value of ``limits.ROUTES``; all but ``batch`` bring one message.

    Raises:
        InvalidInputError: ``bad-json``, ``no-batch`` or ``too-many-messages``.
    """
    try:
        request = _read(body, route)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        request = _cut_at_brackets(body, route)
    if len(request.messages) > MOST_MESSAGES:
        raise InvalidInputError(
            f"The batch holds more than {MOST_MESSAGES:,} messages.",
            code="too-many-messages",
            remedy="Send fewer messages at a time.",
        )
    return request


def _read(body: bytes, route: str) -> Request:
    # The parser takes strings that it passes over as they are.
    body.decode()
    if route == "batch":
        batch = _envelope.decode(body)
        return Request(batch.batch, batch.sentAt, _text(batch.writeKey), True)  # type: ignore[arg-type]
    single = _single.decode(body)
    return Request([body], single.sentAt, _text(single.writeKey), True)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _cut_at_brackets(body: bytes, route: str) -> Request:
    try:
        members = cutting.members(body)
        batch = members[b"batch"] if route == "batch" else b""
        messages = list(cutting.parts(batch)) if batch.startswith(b"[") else []
    except KeyError:
        raise _no_batch() from None
    except ValueError:
        raise no_json() from None
    if batch and not batch.startswith(b"["):
        raise _no_batch()
    sent_at = _value(members.get(b"sentAt", b"null"))
    key = _text(_value(members.get(b"writeKey", b"null")))
    return Request(messages if route == "batch" else [body], sent_at, key, False)


def _value(text: bytes) -> Any:
    try:
        return _anything.decode(text)
    except (ValueError, RecursionError):
        return None


def no_json() -> InvalidInputError:
    """What to answer to a body that is no JSON."""
    return InvalidInputError(
        "The body is not JSON.", code="bad-json", remedy="Send one JSON object in UTF-8."
    )


def _no_batch() -> InvalidInputError:
    return InvalidInputError(
        "The body has no list of messages.",
        code="no-batch",
        remedy="Send an object with the messages as an array under “batch”.",
    )


def _no_gzip() -> InvalidInputError:
    return InvalidInputError(
        "The body is not what gzip writes.",
        code="bad-gzip",
        remedy="Send it whole, or leave out Content-Encoding.",
    )
