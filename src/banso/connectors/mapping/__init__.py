"""How the columns of other people's files become fields: mappings, their recognition and use."""

from banso.connectors.mapping.fields import Field, FieldType
from banso.connectors.mapping.reader import Reader, Record, missing_columns
from banso.connectors.mapping.spec import (
    ERROR_COLUMNS,
    Entry,
    MappingSpec,
    header_signature,
)

__all__ = [
    "ERROR_COLUMNS",
    "Entry",
    "Field",
    "FieldType",
    "MappingSpec",
    "Reader",
    "Record",
    "header_signature",
    "missing_columns",
]
