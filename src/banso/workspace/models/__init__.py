"""Tables of the workspace."""

from banso.workspace.models.audit import AuditDetail, AuditEntry, AuditHead
from banso.workspace.models.bulletins import Bulletin, Watch
from banso.workspace.models.company import Company
from banso.workspace.models.jobs import Job, Schedule, WorkerHeartbeat, WorkerLease
from banso.workspace.models.people import Team, User

__all__ = [
    "AuditDetail",
    "AuditEntry",
    "AuditHead",
    "Bulletin",
    "Company",
    "Job",
    "Schedule",
    "Team",
    "User",
    "Watch",
    "WorkerHeartbeat",
    "WorkerLease",
]
