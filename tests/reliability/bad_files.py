"""Files made to do harm, by name: how each is written and which code should answer it."""

from __future__ import annotations

import gzip
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

_SHEET = (
    '<?xml version="1.0"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_END = "</sheetData></worksheet>"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="sheet.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
}
MB = 1 << 20
Write = Callable[[Path], None]


def workbook(path: Path, cells: str) -> None:
    """A workbook with one sheet of these rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, content)
        archive.writestr("xl/sheet.xml", _SHEET + cells + _END)


def cell(place: str, text: str = "x") -> str:
    """One cell with text; an empty place is left out."""
    where = f' r="{place}"' if place else ""
    return f'<c{where} t="inlineStr"><is><t>{text}</t></is></c>'


def _zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, content)
        with archive.open("xl/sheet.xml", "w") as file:
            file.write(_SHEET.encode())
            for _ in range(400):
                file.write(b'<row><c t="str"><v>x</v></c></row>' * 30_000)


def _lying_bomb(path: Path) -> None:
    _zip_bomb(path)
    data = bytearray(path.read_bytes())
    # The directory at the end claims that every entry unpacks to a hundred bytes.
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = struct.pack("<I", 100)
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)


def _many(path: Path, piece: bytes, megabytes: int, head: bytes = b"account_id,name\n") -> None:
    with path.open("wb") as file:
        file.write(head)
        block = piece * max(1, MB // len(piece))
        for _ in range(megabytes):
            file.write(block)


def text(content: str, encoding: str = "utf-8") -> Write:
    """A text file."""
    return lambda path: path.write_bytes(content.encode(encoding, "surrogatepass")) and None


#: Name, ending, writer, and the code of the answer: of the whole file, or of its row 2.
BAD: list[tuple[str, str, Write, str]] = [
    ("gzip 1000:1", ".csv", lambda p: p.write_bytes(gzip.compress(b"0" * 100 * MB)) and None,
     "binary-file"),
    ("zip bomb", ".xlsx", _zip_bomb, "zip-bomb"),
    ("zip bomb with a false directory", ".xlsx", _lying_bomb, "zip-bomb"),
    ("two cells far apart", ".xlsx",
     lambda p: workbook(p, f'<row r="1">{cell("A1")}</row><row>{cell("XFD1048576")}</row>'),
     "vast-sheet"),
    ("far cells without names", ".xlsx",
     lambda p: workbook(p, f'<row>{cell("") * 16_384}</row><row r="1048576">{cell("")}</row>'),
     "vast-sheet"),
    ("a tag without end", ".xlsx", lambda p: workbook(p, "<c " * 3_000_000), "damaged-workbook"),
    ("a million columns", ".csv", text("a," * 1_000_000 + "\n" + "1," * 1_000_000),
     "too-many-columns"),
    ("a million cells in a row", ".csv", text("account_id,name\nA1,X\n" + "1," * 1_000_000),
     "too-many-columns"),
    ("200 MB in one line", ".csv", lambda p: _many(p, b"x", 200, b"account_id,name\nA"),
     "line-too-long"),
    ("200 MB in one quotation", ".csv", lambda p: _many(p, b"x\n", 200, b'account_id,name\n1,"'),
     "field-too-long"),
    ("200 MB of NUL", ".csv", lambda p: _many(p, b"\0", 200, b""), "binary-file"),
    ("200 MB of line breaks", ".csv", lambda p: _many(p, b"\n", 200, b""), "empty-file"),
    ("a lone surrogate in UTF-8", ".csv", text("account_id,name\nA1,会社\ud800\nA2,株式会社\n"),
     "damaged-encoding"),
    ("a lone surrogate in UTF-16", ".csv",
     text("\ufeffaccount_id,name\nA1,\ud800", "utf-16-le"),
     "damaged-encoding"),
    ("a number of 5,000 digits", ".csv",
     text("account_id,name,employees\nA1,X," + "9" * 5_000 + "\nA2,Y,5\n"), "not-a-number"),
    ("a day of 5,000 digits", ".csv",
     text("account_id,name,customer_since\nA1,X," + "9" * 5_000 + "\nA2,Y,2026-01-01\n"),
     "not-a-date"),
    ("a number with a huge exponent", ".csv",
     text("account_id,name,employees\nA1,X,1e999\nA2,Y,5\n"), "number-too-large"),
    # Behind the first pages, where nobody looks for what only binary files have.
    ("NUL in cells", ".csv",
     text("account_id,name,size\n" + "".join(f"A{n},Co {n},1\n" for n in range(1_000))
          + "B1,X\0Y,1\nB\0,\0,\0\n"), "required"),
]  # fmt: skip
