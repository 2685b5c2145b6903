"""What really happened, for back-tests: never imported, only compared with."""

from __future__ import annotations

from banso.connectors.demo.customers import Customers
from banso.connectors.demo.fates import CAUSES, VISIBLE, Cause, Fates
from banso.connectors.demo.timeline import NEVER, Timeline

_WITHOUT_EVENT = frozenset({Cause.STEADY, Cause.EXPANDING, Cause.SEASONAL, Cause.SILENT})
"""Nothing begins on a day for these: they are how the account is."""


def truth_rows(customers: Customers, fates: Fates, timeline: Timeline) -> list[dict[str, object]]:
    """Per account: cause, dates, and whether the end could be seen in the data beforehand.

    Dates after today are what the simulator has decided for the half year ahead.
    """
    rows: list[dict[str, object]] = []
    for index in range(len(customers)):
        cause = CAUSES[int(fates.cause[index])]
        onset = int(fates.onset[index])
        churn_on = int(fates.churn_on[index])
        rows.append(
            {
                "account_external_id": customers.external_id(index),
                "cause": cause.value,
                "visible": cause in VISIBLE,
                "onset_on": "" if cause in _WITHOUT_EVENT else timeline.iso(onset),
                "notice_on": timeline.iso(int(fates.notice_on[index])),
                "churn_on": timeline.iso(churn_on),
                "return_on": timeline.iso(int(fates.return_on[index])),
                "fate": "stays" if churn_on >= NEVER else "lost" if churn_on <= 0 else "will_leave",
            }
        )
    return rows
