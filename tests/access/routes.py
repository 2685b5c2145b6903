"""Who may do what at every address: the table that the test holds the product to.

A letter is a role: A administrator, L leader, C CSM, S sales, V viewer. A small letter means only
on a record of one's own. ``*`` needs no sign-in. An address without a line here fails the test.
"""

EVERYBODY = "ALCSV"
STAFF = "ALCS"
LEADERS = "AL"
OWN = "ALcs"
ADMIN = "A"

ROUTES: dict[str, str] = {
    "home": "*",
    "sign-in": "*",
    "sign-out": "*",
    "account_login": "*",
    "account_logout": "*",
    "set-language": "*",
    "set-theme": EVERYBODY,
    "unpin-day": LEADERS,
    "today": EVERYBODY,
    "search": EVERYBODY,
    "accounts": EVERYBODY,
    "accounts-filter": EVERYBODY,
    "accounts-columns": EVERYBODY,
    "accounts-columns-choose": EVERYBODY,
    "accounts-export": STAFF,
    "accounts-assign": LEADERS,
    "accounts-assign-undo": LEADERS,
    "segment-save": STAFF,
    "segment-delete": OWN,
    "settings-demo": ADMIN,
    "settings-demo-remove": ADMIN,
    "account-new": STAFF,
    "account-pick": EVERYBODY,
    "account": EVERYBODY,
    "account-edit": OWN,
    "account-timeline": EVERYBODY,
    "account-log": STAFF,
    "account-entry": OWN,
    "account-entry-delete": OWN,
    "account-usage": EVERYBODY,
    "account-contracts": EVERYBODY,
    "account-people": EVERYBODY,
    "contact-new": OWN,
    "contact": OWN,
    "contact-left": OWN,
    "account-health": EVERYBODY,
    "account-metric": EVERYBODY,
    "account-override": OWN,
    "account-override-end": OWN,
    "account-sentiment": OWN,
    "signal-snooze": STAFF,
    "signal-resolve": STAFF,
    "signal-reopen": STAFF,
    "tasks": EVERYBODY,
    "task-new": STAFF,
    "task": OWN,
    "task-done": OWN,
    "task-reopen": OWN,
    "task-drop": OWN,
    "settings": EVERYBODY,
    "settings-profile": EVERYBODY,
    "settings-own-password": EVERYBODY,
    "settings-company": ADMIN,
    "settings-users": ADMIN,
    "settings-user-new": ADMIN,
    "settings-user": ADMIN,
    "settings-user-password": ADMIN,
    "settings-teams": LEADERS,
    "settings-team-new": LEADERS,
    "settings-team": LEADERS,
    "settings-team-delete": LEADERS,
    "settings-roles": EVERYBODY,
    "settings-sources": LEADERS,
    "settings-features": LEADERS,
    "settings-features-save": LEADERS,
    "settings-scorecards": LEADERS,
    "settings-scorecard-new": LEADERS,
    "settings-scorecard": LEADERS,
    "settings-scorecard-preview": LEADERS,
    "settings-scorecard-save": LEADERS,
    "settings-scorecard-assign": LEADERS,
    "settings-scorecard-versions": LEADERS,
    "settings-scorecard-move": LEADERS,
    "settings-scorecard-archive": LEADERS,
    "settings-scorecard-default": LEADERS,
    "settings-metrics": LEADERS,
    "settings-metric-new": LEADERS,
    "settings-metric-check": LEADERS,
    "settings-metric-try": LEADERS,
    "settings-metric": LEADERS,
    "settings-metric-archive": LEADERS,
    "settings-signals": LEADERS,
    "settings-signal-new": LEADERS,
    "settings-signal-try": LEADERS,
    "settings-trial": LEADERS,
    "settings-signal": LEADERS,
    "settings-signal-switch": LEADERS,
    "settings-jobs": EVERYBODY,
    "settings-job-cancel": "ALcsv",
    "settings-audit": LEADERS,
    "settings-audit-check": LEADERS,
    "imports": LEADERS,
    "import-upload": LEADERS,
    "import": LEADERS,
    "import-map": LEADERS,
    "import-preview": LEADERS,
    "import-check": LEADERS,
    "import-start": LEADERS,
    "import-cancel": LEADERS,
    "import-undo": LEADERS,
    "import-errors": LEADERS,
    "import-look": LEADERS,
    "nps": EVERYBODY,
    "live": EVERYBODY,
}
#: Pages that more people may read than change.
READERS = {"task": {"csm", "sales"}}
LETTERS = {"A": "admin", "L": "leader", "C": "csm", "S": "sales", "V": "viewer"}


def roles_of(name: str) -> tuple[set[str], set[str]]:
    """Roles that may always, and roles that may on their own records."""
    letters = ROUTES[name]
    always = {LETTERS[letter] for letter in letters if letter in LETTERS}
    own = {LETTERS[letter.upper()] for letter in letters if letter.islower()}
    return always, own
