"""Texts for every field: ordinary ones, and such as would run as a script."""

from __future__ import annotations

from collections.abc import Callable

#: Each ends a context in which text may stand, and would then run.
HOSTILE = (
    '"><script>window.__ran=1</script>',
    "'\"><img src=x onerror=window.__ran=1>",
    "</script><script>window.__ran=1</script>",
    "</title></textarea></style><svg onload=window.__ran=1>",
    '" autofocus onfocus=window.__ran=1 x="',
    "javascript:window.__ran=1//",
    "{{7*7}}{% debug %}<c-button>${window.__ran=1}",
    "<style>*{background:url(https://evil.example)}</style>",
    "<a href='javascript:window.__ran=1' accesskey=x>%s %(x)s {0}</a>",
    "'-(window.__ran=1)-'\\u0022;window.__ran=1//<!--",
    "<template><iframe srcdoc='<script>parent.__ran=1</script>'></template>",
)
Words = Callable[[str], str]


class Hostile:
    """The next hostile text for every field, with the field's name, so that it can be found."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self, field: str) -> str:
        self._next += 1
        return f"{field}{HOSTILE[self._next % len(HOSTILE)]}"


def plain(field: str) -> str:
    """An ordinary text."""
    return f"{field} 会社 Text"
