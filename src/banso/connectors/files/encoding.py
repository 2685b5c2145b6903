"""Which encoding a text file is in, decided from every byte of it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_noop as _

from banso.connectors.files.problems import FileProblemError

_CHUNK = 1 << 20
_LINE_LIMIT = 16 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF", _("a PDF document")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"\x1f\x8b", _("a gzip archive")),
    (b"PAR1", _("a Parquet file")),
    (b"ARROW1", _("an Arrow file")),
    (b"SQLite format 3", _("an SQLite database")),
    (b"\x7fELF", _("a program")),
    (b"7z\xbc\xaf", _("a 7-Zip archive")),
    (b"Rar!", _("a RAR archive")),
    (b"\x28\xb5\x2f\xfd", _("a Zstandard archive")),
)
#: Texts that are no tables; some programs give them the ending of a table all the same.
_MARKUP = (
    (b"<!doctype", _("an HTML or XML document")),
    (b"<html", _("an HTML or XML document")),
    (b"<table", _("an HTML or XML document")),
    (b"<?xml", _("an HTML or XML document")),
    (b"[{", _("a JSON file")),
    (b'{"', _("a JSON file")),
)


@dataclass(frozen=True, slots=True)
class _Failure:
    """The first byte that an encoding cannot read, and how much it could."""

    offset: int
    byte: int
    good: int
    bad: int
    #: Good characters of three bytes and more, as those of Japanese are in UTF-8.
    wide: int = 0


def refuse_binary(path: Path) -> None:
    """Raise ``binary-file`` for anything that is plainly no text."""
    with path.open("rb") as file:
        head = file.read(8192)
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise FileProblemError("binary-file", what=what)
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if _looks_like_utf16(head):
            return
        raise FileProblemError("binary-file", what=_("a binary file"))
    text = b"".join(head.removeprefix(codecs.BOM_UTF8).split()).lower()
    for beginning, what in _MARKUP:
        if text.startswith(beginning):
            raise FileProblemError("binary-file", what=what)


def sniff_encoding(path: Path) -> str:
    """The Python name of the file's encoding: UTF-8, UTF-16 or CP932, the first that fits.

    CP932 and not Shift_JIS, because Windows writes ㈱, ① and 髙, which Shift_JIS does not know.

    Raises:
        FileProblemError: ``wrong-encoding`` when none fits, ``damaged-encoding`` when UTF-8 fits
            but for a few bytes, ``line-too-long``.
    """
    with path.open("rb") as file:
        head = file.read(8192)
    _refuse_endless_lines(path)
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if marked or (b"\0" in head and (marked := _looks_like_utf16(head))):
        _require(path, marked)
        return marked
    utf8 = _try(path, "utf-8")
    if utf8 is None:
        return "utf-8"
    # A CP932 text hardly ever holds a valid UTF-8 sequence, so many of them mean damaged UTF-8; of
    # those of two bytes, half-width katakana make some.
    if utf8.good > 10 * utf8.bad or utf8.wide > utf8.bad:
        raise _problem(path, "damaged-encoding", utf8, "utf-8")
    cp932 = _try(path, "cp932")
    if cp932 is None:
        return "cp932"
    raise _problem(path, "wrong-encoding", max(utf8, cp932, key=lambda f: f.offset), "cp932")


def _require(path: Path, encoding: str, code: str = "damaged-encoding") -> None:
    failure = _try(path, encoding)
    if failure is not None:
        raise _problem(path, code, failure, encoding)


def check_encoding(path: Path, encoding: str) -> str:
    """The encoding that a person named, if the whole file can be read in it."""
    try:
        b" ".decode(encoding)
    except LookupError:
        raise FileProblemError("unknown-encoding", encoding=encoding) from None
    except UnicodeError:
        # A single byte says nothing about encodings that use two.
        pass
    _refuse_endless_lines(path)
    _require(path, encoding, "not-in-encoding")
    return encoding


def _try(path: Path, encoding: str) -> _Failure | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    start = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                offset = start - pending + error.start
                return _count(path, encoding, offset, error.object[error.start])
            except UnicodeError:
                return _Failure(start, chunk[0], good=0, bad=1)
            if not chunk:
                return None
            start += len(chunk)


def _count(path: Path, encoding: str, offset: int, byte: int) -> _Failure:
    """How many multi-byte characters the encoding reads, and how many bytes it cannot."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    good = bad = wide = 0
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            text = decoder.decode(chunk)
            wrong = text.count("\ufffd")
            bad += wrong
            narrow = len(text.encode("ascii", "ignore"))
            good += len(text) - wrong - narrow
            # What goes beyond two bytes for each; the mark for a bad byte has three itself.
            wide += len(text.encode()) - narrow - 2 * (len(text) - narrow) - wrong
    return _Failure(offset, byte, good, max(bad, 1), wide)


def _problem(path: Path, code: str, failure: _Failure, encoding: str) -> FileProblemError:
    line = _line_at(path, failure.offset, encoding)
    return FileProblemError(
        code,
        row=line,
        line=line,
        offset=failure.offset,
        byte=f"0x{failure.byte:02X}",
        encoding=encoding,
    )


def _line_at(path: Path, offset: int, encoding: str) -> int:
    """The line, counted from 1, in which a byte stands."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    feeds = returns = 0
    with path.open("rb") as file:
        for start in range(0, offset, _CHUNK):
            text = decoder.decode(file.read(min(_CHUNK, offset - start)))
            feeds, returns = feeds + text.count("\n"), returns + text.count("\r")
    # Old programs end lines with a carriage return alone.
    return 1 + (feeds or returns)


def _refuse_endless_lines(path: Path) -> None:
    line, length = 1, 0
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            breaks = chunk.count(b"\n") or chunk.count(b"\r")
            length = 0 if breaks else length + len(chunk)
            line += breaks
            if length > _LINE_LIMIT:
                raise FileProblemError(
                    "line-too-long", row=line, line=line, limit=_LINE_LIMIT >> 20
                )


def _looks_like_utf16(head: bytes) -> str | None:
    half = max(len(head) // 2, 1)
    zeros_odd, zeros_even = head[1::2].count(0) / half, head[0::2].count(0) / half
    if zeros_odd > 0.3 and zeros_even < 0.05:
        return "utf-16-le"
    if zeros_even > 0.3 and zeros_odd < 0.05:
        return "utf-16-be"
    return None
