"""Between the fields of the mapping page and the JSON of a mapping."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

COLUMN, CONSTANT, TEMPLATE = "column:", "constant", "template"


def choice_of(entry: Any) -> str:
    """How the select of a field shows where the field comes from."""
    if entry is None:
        return ""
    if isinstance(entry, str):
        return COLUMN + entry
    if entry.get("column") is not None:
        return COLUMN + str(entry["column"])
    return CONSTANT if entry.get("constant") is not None else TEMPLATE


def _part(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, dict) else None


def _entry(post: QueryDict, name: str, before: Any) -> dict[str, Any] | None:
    choice = post.get(f"from-{name}", "")
    entry: dict[str, Any] = {}
    if choice.startswith(COLUMN):
        entry["column"] = choice.removeprefix(COLUMN)
    elif choice == CONSTANT:
        entry["constant"] = post.get(f"constant-{name}", "").strip()
    elif choice == TEMPLATE:
        entry["template"] = post.get(f"template-{name}", "").strip()
    if not any(entry.values()):
        return None
    if order := post.get(f"order-{name}"):
        entry["order"] = order
    if decimal := post.get(f"decimal-{name}"):
        entry["decimal"] = decimal
    words = post.getlist(f"word-{name}")
    meanings = post.getlist(f"meaning-{name}")
    values = {w.strip(): m.strip() or None for w, m in zip(words, meanings, strict=False) if w}
    if not post.get(f"words-shown-{name}"):
        values = _part(before, "values") or {}
    return {**entry, "values": values} if values else entry


def mapping_of(post: QueryDict, names: list[str], before: dict[str, Any]) -> dict[str, Any]:
    """The mapping that a sent form describes.

    Args:
        names: fields of the kind of file.
        before: the mapping that the form began from; what the form does not show is kept.
    """
    columns = before.get("columns", {})
    chosen = {name: _entry(post, name, columns.get(name)) for name in names}
    changed = {
        "columns": {name: entry for name, entry in chosen.items() if entry},
        "source": post.get("source", "").strip() or before.get("source"),
        "shape": post.get("shape", before.get("shape", "")),
        "attributes": "rest" if post.get("keep_rest") else "none",
        "end_is": post.get("end_is", before.get("end_is", "exclusive")),
        "on_duplicate_id": post.get("on_duplicate_id", before.get("on_duplicate_id", "first")),
        "zone": post.get("zone") or None,
    }
    if isinstance(before.get("attributes"), list) and post.get("keep_rest"):
        changed["attributes"] = before["attributes"]
    return {**before, **changed}


def field_rows(
    fields: list[Any], mapping: dict[str, Any], header: tuple[str, ...], language: str
) -> list[dict[str, Any]]:
    """One row per field for the mapping page: name, where it comes from, how it is read."""
    columns = mapping.get("columns", {})
    rows = []
    for field in fields:
        entry = columns.get(field.name)
        rows.append(
            {
                "name": field.name,
                "label": field.label(language),
                "required": field.required,
                "is_date": field.type in ("date", "moment"),
                "is_number": field.type in ("integer", "decimal"),
                "choices": list(field.choices),
                "choice": choice_of(entry),
                "constant": _part(entry, "constant") or "",
                "template": _part(entry, "template") or "",
                "order": _part(entry, "order") or "",
                "decimal": _part(entry, "decimal") or "",
                "values": _part(entry, "values") or {},
            }
        )
    # Needed fields and those with a column come first: these are what a person has to look at.
    return sorted(rows, key=lambda row: (not row["required"], not row["choice"]))
