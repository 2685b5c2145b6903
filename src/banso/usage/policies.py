"""Who may bring usage in and say what the product's features are."""

from __future__ import annotations

from banso.workspace.policies import LEADERS, grant

grant("usage.features", LEADERS)
grant("usage.load", LEADERS)
