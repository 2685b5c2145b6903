"""How much one request may bring. Sizes are bytes; a limit itself is still allowed."""

from __future__ import annotations

#: Both on the wire and after decompression.
MOST_BODY = 500 * 1024
MOST_MESSAGES = 2_500
MOST_MESSAGE = 32 * 1024
MOST_DEPTH = 32
#: Characters of a message's own id.
MOST_MESSAGE_ID = 99
#: Integers beyond are no 64-bit numbers.
INTEGERS = range(-(2**63) + 1, 2**63)

#: The last part of an address → what it brings. One-letter names are those that browsers call.
ROUTES = {
    "track": "track",
    "identify": "identify",
    "group": "group",
    "page": "page",
    "screen": "screen",
    "alias": "alias",
    "batch": "batch",
    "import": "batch",
    "t": "track",
    "i": "identify",
    "g": "group",
    "p": "page",
    "s": "screen",
    "a": "alias",
    "b": "batch",
}
#: The kinds of message.
KINDS = frozenset(ROUTES.values()) - {"batch"}
