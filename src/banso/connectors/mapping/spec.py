"""The mapping: how the columns of a file become the fields of a kind. Written in YAML or JSON.

.. code-block:: yaml

    kind: subscriptions
    source: crm5                     # under which name the ids are known
    read: {encoding: cp932, delimiter: ",", header_row: 2, sheet: Sheet1}   # found out if absent
    columns:
      account: account_id                            # a column
      external_id: {template: "{account_id}/{start}"}   # several columns; {row} is the row number
      currency: {constant: USD}
      priority: {column: prio, values: {"1": urgent, "?": null}}
      start_on: {column: start, order: dmy}          # dmy, mdy, ymd, excel, epoch
      mrr: {column: price, decimal: ","}
    attributes: rest                 # rest, none, or a list of columns to keep
    empty: ["?", "NULL"]             # cells that mean nothing
    skip: [{column: answered, is: ["", "no"]}]
    zone: Asia/Tokyo                 # for times without one
    end_is: exclusive                # or inclusive: the end day still has service
    on_duplicate_id: first           # error; or keep_both, or ignore later rows silently
    shape: counted                   # usage: raw | counted; tickets: flat | log
    grace_days: 7                    # subscriptions
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from zoneinfo import available_timezones

from banso.connectors.files import FileHints
from banso.connectors.files.problems import FileProblemError
from banso.connectors.types import Kind
from banso.kit.dates import DateOrder
from banso.kit.messages import Sentence
from banso.kit.messages import gettext_noop as _

#: Columns that the file of refused rows carries behind the original ones; see ``error_file``.
ERROR_COLUMNS = ("banso_row", "banso_column", "banso_code", "banso_problem", "banso_remedy")
_TOP = {
    "kind", "source", "read", "columns", "attributes", "empty", "skip", "zone", "end_is",
    "on_duplicate_id", "shape", "grace_days", "file", "products", "label",
}  # fmt: skip
_ENTRY = {"column", "constant", "template", "values", "order", "decimal"}
_ONE_OF = _("%(name)s must be one of %(allowed)s")
#: Files that name no source share one, so that next month's file finds this month's companies.
DEFAULT_SOURCE = "file"
_LONGEST_SOURCE = 60
#: A header is looked for no further down.
HEADER_LIMIT = 1000
_HINTS = {"encoding", "delimiter", "header_row", "sheet"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one field comes from: a column, a constant or a template over columns."""

    column: str | None = None
    constant: str | None = None
    template: str | None = None
    values: Mapping[str, str | None] = field(default_factory=dict)
    order: DateOrder | None = None
    decimal: str | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """Rows to leave out: those whose column holds one of the texts."""

    column: str
    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class MappingSpec:
    """A checked mapping; see the module's head for the meaning of each entry."""

    kind: Kind
    source: str
    columns: Mapping[str, Entry]
    read: FileHints = field(default_factory=FileHints)
    attributes: tuple[str, ...] | str = "rest"
    empty: frozenset[str] = frozenset()
    skip: tuple[Skip, ...] = ()
    zone: str | None = None
    end_is: str = "exclusive"
    on_duplicate_id: str = "first"
    shape: str = ""
    grace_days: int | None = None
    products: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, kind: Kind | None = None) -> MappingSpec:
        """Check a mapping read from YAML or JSON.

        Raises:
            FileProblemError: ``bad-mapping``, naming the entry.
        """
        if not isinstance(data, Mapping):
            raise _bad(_("it must be a list of entries like “kind: accounts”"))
        _known(data, _TOP, Sentence(_("the mapping")))
        zone = data.get("zone")
        if zone is not None and str(zone) not in available_timezones():
            raise _bad(_("“%(name)s” is not a time zone"), name=zone)
        source = str(data.get("source") or DEFAULT_SOURCE)
        if len(source) > _LONGEST_SOURCE:
            raise _bad(_("the source must have %(most)s characters at most"), most=_LONGEST_SOURCE)
        return cls(
            kind=_kind(data.get("kind", kind)),
            source=source,
            columns={name: _entry(name, e) for name, e in _table(data, "columns").items()},
            read=_hints(_table(data, "read")),
            attributes=_attributes(data.get("attributes", "rest")),
            empty=_texts(data.get("empty")),
            skip=tuple(_skip(entry) for entry in _list(data, "skip")),
            zone=zone,
            end_is=_one_of(data, "end_is", ("exclusive", "inclusive")),
            on_duplicate_id=_one_of(data, "on_duplicate_id", ("first", "keep_both", "ignore")),
            shape=_one_of(data, "shape", ("", "raw", "counted", "flat", "log")),
            grace_days=_number(data, "grace_days", 0, 366),
            products=_products(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The mapping as JSON can hold it; :meth:`from_dict` reads it back."""
        data = {
            "kind": self.kind.value,
            "source": self.source,
            "columns": {name: _entry_dict(entry) for name, entry in self.columns.items()},
            "read": _without_empty(asdict(self.read)),
            "attributes": self.attributes
            if isinstance(self.attributes, str)
            else [*self.attributes],
            "empty": sorted(self.empty),
            "skip": [{"column": s.column, "is": sorted(s.texts)} for s in self.skip],
            "zone": self.zone,
            "end_is": self.end_is,
            "on_duplicate_id": self.on_duplicate_id,
            "shape": self.shape,
            "grace_days": self.grace_days,
            "products": {key: dict(value) for key, value in self.products.items()},
        }
        return _without_empty(data)

    def with_source(self, source: str) -> MappingSpec:
        """The same mapping under another source name."""
        return replace(self, source=source)


def header_signature(names: Iterable[str]) -> str:
    """What a header is recognised by when it comes again: a hash of its names in order."""
    original = [name for name in names if name not in ERROR_COLUMNS]
    return hashlib.sha256("\x1f".join(original).encode()).hexdigest()


def _bad(reason: str, **params: Any) -> FileProblemError:
    return FileProblemError("bad-mapping", reason=Sentence(reason, **params))


def _known(data: Mapping[str, Any], names: set[str], where: str) -> None:
    if unknown := sorted(str(name) for name in data if name not in names):
        raise _bad(
            _("%(where)s has unknown entries: %(names)s"), where=where, names=", ".join(unknown)
        )


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name) or {}
    if not isinstance(value, Mapping):
        raise _bad(_("%(name)s must be a list of “name: value”"), name=name)
    return value


def _list(data: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = data.get(name) or []
    if not isinstance(value, list | tuple):
        raise _bad(_("%(name)s must be a list"), name=name)
    return value


def _texts(value: Any) -> frozenset[str]:
    """The texts of a list, or the one that stands alone."""
    listed = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return frozenset("" if text is None else str(text) for text in listed)


def _number(data: Mapping[str, Any], name: str, low: int, high: int) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        reason = _("%(name)s must be a number from %(low)s to %(high)s")
        raise _bad(reason, name=name, low=low, high=high)
    return value


def _products(data: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    products = _table(data, "products")
    return {str(key): _table(products, key) for key in products}


def _kind(value: Any) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        raise _bad(_ONE_OF, name="kind", allowed=", ".join(Kind)) from None


def _entry(name: str, value: Any) -> Entry:
    if isinstance(value, str | int):
        return Entry(column=str(value))
    if not isinstance(value, Mapping):
        raise _bad(
            _("%(name)s must be a column or an entry with column, constant or template"), name=name
        )
    _known(value, _ENTRY, name)
    given = [key for key in ("column", "constant", "template") if value.get(key) is not None]
    if len(given) != 1:
        raise _bad(_("%(name)s needs exactly one of column, constant and template"), name=name)
    order, decimal = value.get("order"), value.get("decimal")
    if order is not None and order not in list(DateOrder):
        raise _bad(
            _("the order of %(name)s must be one of %(allowed)s"),
            name=name,
            allowed=", ".join(DateOrder),
        )
    if decimal not in [None, ".", ","]:
        raise _bad(_("the decimal mark of %(name)s must be “.” or “,”"), name=name)
    words = {str(k): None if v is None else str(v) for k, v in _table(value, "values").items()}
    return Entry(
        **{given[0]: str(value[given[0]])},
        values=words,
        order=DateOrder(order) if order else None,
        decimal=decimal,
    )


def _entry_dict(entry: Entry) -> dict[str, Any] | str:
    data = _without_empty(asdict(entry))
    return data["column"] if set(data) == {"column"} else data


def _without_empty(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in (None, "", {}, [], ())}


def _hints(data: Mapping[str, Any]) -> FileHints:
    _known(data, _HINTS, "read")
    encoding, delimiter, sheet = (
        str(value) if (value := data.get(name)) is not None else None
        for name in ("encoding", "delimiter", "sheet")
    )
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"'):
        raise _bad(_("the delimiter must be one character"))
    return FileHints(encoding, delimiter, _number(data, "header_row", 1, HEADER_LIMIT), sheet)


def _attributes(value: Any) -> tuple[str, ...] | str:
    if value in {"rest", "none"} if isinstance(value, str) else False:
        return str(value)
    if isinstance(value, list | tuple):
        return tuple(str(name) for name in value)
    raise _bad(_("attributes must be rest, none or a list of columns"))


def _skip(value: Any) -> Skip:
    if not isinstance(value, Mapping) or "column" not in value or "is" not in value:
        raise _bad(_("skip needs entries like “{column: status, is: [draft]}”"))
    # A lone “is:” means the empty cell.
    return Skip(str(value["column"]), _texts(value["is"] if value["is"] is not None else ""))


def _one_of(data: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = data.get(name) or allowed[0]
    if value not in allowed:
        raise _bad(_ONE_OF, name=name, allowed=", ".join(a for a in allowed if a))
    return str(value)
