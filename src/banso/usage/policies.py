"""Who may bring usage in, say what features are, and see to the sources of events."""

from __future__ import annotations

from banso.workspace.policies import ADMINS, LEADERS, grant

grant("usage.erase", ADMINS)
grant("usage.features", LEADERS)
grant("usage.load", LEADERS)
grant("usage.match", LEADERS)
grant("usage.sources", ADMINS)
grant("usage.view_sources", LEADERS)
