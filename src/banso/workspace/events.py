"""What happened in the workspace, told after the commit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompanyChanged:
    """Company-wide settings changed; ``fields`` names which."""

    fields: frozenset[str]
