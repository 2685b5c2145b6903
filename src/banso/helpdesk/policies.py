"""Who may bring tickets in."""

from __future__ import annotations

from banso.workspace.policies import LEADERS, grant

grant("helpdesk.load", LEADERS)
