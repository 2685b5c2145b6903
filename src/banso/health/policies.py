"""Who may see health, judge it by hand, and design how it is judged."""

from __future__ import annotations

from banso.accounts.types import OWNERS, owns_account
from banso.workspace.policies import EVERYBODY, LEADERS, STAFF, grant

grant("health.view", EVERYBODY)
grant("health.judge", LEADERS, roles_on_own=OWNERS, owns=owns_account)
grant("health.signal", STAFF)
grant("health.design", LEADERS)
grant("health.recompute", LEADERS)
