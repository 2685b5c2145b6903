"""Names that the settings pages use for codes: roles, permissions, kinds of work, audit actions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROLES: dict[str, Any] = {
    "admin": _("Administrator"),
    "leader": _("Leader"),
    "csm": _("CSM"),
    "sales": _("Sales"),
    "viewer": _("Viewer"),
}
ROLES_ABOUT: dict[str, Any] = {
    "admin": _("Runs the installation: users, company settings, everything else."),
    "leader": _("Leads CS or sales: assigns accounts, designs scorecards, imports data."),
    "csm": _("Looks after customers of his own book of business."),
    "sales": _("Sells to and renews accounts of his own book of business."),
    "viewer": _("Reads everything, changes nothing."),
}

#: Permissions in the order of the page, by area.
PERMISSIONS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (
        _("Accounts"),
        {
            "accounts.view": _("See accounts and their people"),
            "accounts.create": _("Add accounts"),
            "accounts.note": _("Add notes, calls and meetings"),
            "accounts.edit": _("Change accounts and contacts"),
            "accounts.assign": _("Assign accounts to people"),
            "accounts.edit_entry": _("Change timeline entries"),
            "accounts.delete": _("Delete accounts"),
            "accounts.export": _("Export lists"),
            "accounts.segment": _("Save filters as segments"),
            "accounts.edit_segment": _("Change and delete saved segments"),
            "accounts.share_segment": _("Share segments with everybody"),
        },
    ),
    (
        _("Tasks"),
        {
            "tasks.create": _("Create tasks"),
            "tasks.edit": _("Change and close tasks"),
        },
    ),
    (
        _("Health"),
        {
            "health.view": _("See scores, signals and Today"),
            "health.signal": _("Snooze and resolve signals"),
            "health.judge": _("Set a sentiment or override a score, with a reason"),
            "health.design": _("Design metrics, scorecards and signals"),
            "health.recompute": _("Recompute all scores"),
        },
    ),
    (
        _("Data"),
        {
            "imports.view": _("See imports and their problems"),
            "imports.run": _("Import files and undo imports"),
            "accounts.load": _("Bring accounts, people and activities in"),
            "contracts.load": _("Bring contracts in"),
            "usage.load": _("Bring usage data in"),
            "helpdesk.load": _("Bring tickets in"),
            "voice.load": _("Bring NPS answers in"),
            "usage.features": _("Say which product features are core"),
            "usage.view_sources": _("See event sources and what arrives"),
            "usage.match": _("Match senders of events to accounts; see to refused messages"),
            "usage.erase": _("Erase people and accounts from usage data"),
            "usage.sources": _("Connect event sources and manage their keys"),
        },
    ),
    (
        _("Workspace"),
        {
            "workspace.view": _("Open the product"),
            "workspace.own_profile": _("Change one's own profile and password"),
            "workspace.jobs": _("Watch background work"),
            "workspace.cancel_job": _("Cancel background work"),
            "workspace.teams": _("Manage teams"),
            "workspace.audit": _("Read the audit log"),
            "workspace.users": _("Manage users and their roles"),
            "workspace.pin_day": _("Choose the day that the product looks at"),
            "workspace.settings": _("Change company settings"),
        },
    ),
)

JOBS: dict[str, Any] = {
    "health.refresh": _("Bring scores up to date"),
    "health.history": _("Fill the history of scores"),
    "health.nightly": _("Nightly recomputation"),
    "health.compact": _("Put small batches of events together"),
    "health.retention": _("Count events of long ago by the day"),
    "usage.erase": _("Erase a company or a person"),
    "health.rebuild": _("Rebuild the warehouse"),
    "health.score": _("Print scores"),
    "health.try_metric": _("Try a metric"),
    "health.try_rule": _("Try a signal rule"),
    "connectors.check": _("Check a file"),
    "connectors.import": _("Import a file"),
    "connectors.undo": _("Undo an import"),
    "connectors.remove_demo": _("Remove the demo data"),
    "usage.tidy": _("Hourly matching of senders"),
    "workspace.tidy": _("Nightly tidying up"),
}
#: What a job says it is doing at the moment.
JOB_NOTES: dict[str, Any] = {
    "history": _("scores of past days"),
    "scores": _("scores of today"),
    "usage": _("usage data"),
}
JOB_STATUS: dict[str, Any] = {
    "queued": _("Waiting"),
    "running": _("Running"),
    "done": _("Done"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
}

#: What stands behind a metric's value.
UNITS: dict[str, Any] = {
    "number": "",
    "percent": "%",
    "days": pgettext_lazy("unit", "days"),
    "money": pgettext_lazy("unit", "amount"),
    "minutes": pgettext_lazy("unit", "minutes"),
    "points": pgettext_lazy("unit", "points"),
}

#: The same units as choices.
METRIC_UNITS: dict[str, Any] = {
    "number": pgettext_lazy("unit", "a number"),
    "percent": pgettext_lazy("unit", "percent (42 is 42%)"),
    "days": pgettext_lazy("unit", "days"),
    "money": pgettext_lazy("unit", "amount in the company's currency"),
    "minutes": pgettext_lazy("unit", "minutes"),
    "points": pgettext_lazy("unit", "points"),
}

#: Things that audit entries are about.
TARGETS: dict[str, Any] = {
    "company": _("Company settings"),
    "user": _("User"),
    "team": _("Team"),
    "account": _("Account"),
    "accounts": _("Several accounts"),
    "contact": _("Contact"),
    "activity": _("Timeline entry"),
    "task": _("Task"),
    "segment": _("Segment"),
    "metric": _("Metric"),
    "scorecard": _("Scorecard"),
    "signal": _("Signal"),
    "signal_rule": _("Signal rule"),
    "override": _("Score override"),
    "sentiment": _("CSM sentiment"),
    "import": _("Import"),
    "feature": _("Feature"),
    "health": _("Health scores"),
    "usage_batch": _("Usage data"),
    "event_source": _("Event source"),
    "sender": _("Sender of events"),
    "refused_message": _("Refused message"),
    "job": _("Background work"),
}


def label(words: dict[str, Any], code: str) -> Any:
    """The name of a code; a code nobody has named yet is shown as it is."""
    return words.get(code, code)
