"""What a kind of file can hold: its fields, their types and how people name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FieldType(StrEnum):
    """How a cell becomes a value."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MAIL = "mail"
    CURRENCY = "currency"
    CORPORATE_NUMBER = "corporate_number"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    Args:
        name: name in mappings.
        type: how a cell becomes a value.
        en, ja: what a person calls it.
        required: whether a row without it is refused.
        aliases: other names that columns carry for it.
        shared: those of the aliases whose column may serve another field as well.
        limit: longest text.
        low, high: range of a number, both allowed.
        choices: stored value to the words that mean it.
    """

    name: str
    type: FieldType
    en: str
    ja: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    limit: int = 300
    low: int | None = None
    high: int | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """What a reader of the language calls the field."""
        return self.ja if language.startswith("ja") else self.en
