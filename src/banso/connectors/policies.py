"""Who may bring data in."""

from __future__ import annotations

from banso.workspace.policies import LEADERS, grant

grant("imports.view", LEADERS)
grant("imports.run", LEADERS)
