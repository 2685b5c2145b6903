"""Who may bring contracts in."""

from __future__ import annotations

from banso.workspace.policies import LEADERS, grant

grant("contracts.load", LEADERS)
