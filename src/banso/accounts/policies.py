"""Who may see and change accounts."""

from __future__ import annotations

from banso.accounts.types import OWNERS, keeps_segment, owns_account, owns_task, wrote_entry
from banso.workspace.policies import ADMINS, EVERYBODY, LEADERS, STAFF, grant

grant("accounts.view", EVERYBODY)
grant("accounts.export", STAFF)
grant("accounts.create", STAFF)
grant("accounts.edit", LEADERS, roles_on_own=OWNERS, owns=owns_account)
grant("accounts.assign", LEADERS)
grant("accounts.load", LEADERS)
grant("accounts.delete", ADMINS)
grant("accounts.note", STAFF)
grant("accounts.edit_entry", LEADERS, roles_on_own=OWNERS, owns=wrote_entry)
grant("accounts.segment", STAFF)
grant("accounts.edit_segment", LEADERS, roles_on_own=OWNERS, owns=keeps_segment)
grant("accounts.share_segment", LEADERS)
grant("tasks.create", STAFF)
grant("tasks.edit", LEADERS, roles_on_own=OWNERS, owns=owns_task)
