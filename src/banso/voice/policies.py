"""Who may bring answers in."""

from __future__ import annotations

from banso.workspace.policies import LEADERS, grant

grant("voice.load", LEADERS)
