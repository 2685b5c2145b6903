"""Errors that a person can act on: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping


class BansoError(Exception):
    """Base of all errors that callers are meant to show.

    Args:
        message: one sentence that says what is wrong and where.
        code: stable machine-readable name, in kebab case.
        remedy: one sentence that says what to do about it.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class NotFoundError(BansoError):
    """The thing does not exist, or the caller may not know that it does."""

    code = "not-found"


class ForbiddenError(BansoError):
    """The caller may see the thing but not do this to it."""

    code = "forbidden"


class ConflictError(BansoError):
    """The thing has changed, or is busy, since the caller looked at it."""

    code = "conflict"


class InvalidInputError(BansoError):
    """What the caller sent cannot be taken as it is.

    Args:
        fields: field name to sentence; empty when no single field is at fault.
    """

    code = "invalid-input"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        remedy: str = "",
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, code=code, remedy=remedy)
        self.fields: dict[str, str] = dict(fields or {})
