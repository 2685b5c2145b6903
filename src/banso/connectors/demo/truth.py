"""What really happened, for back-tests: never imported, only compared with."""

from __future__ import annotations

from banso.connectors.demo.customers import Customers
from banso.connectors.demo.fates import CAUSES, VISIBLE, Fates
from banso.connectors.demo.timeline import NEVER, Timeline


def truth_rows(customers: Customers, fates: Fates, timeline: Timeline) -> list[dict[str, object]]:
    """Per account: cause, dates, and whether the end could be seen in the data beforehand.

    Dates after today are what the simulator has decided for the half year ahead.
    """
    rows: list[dict[str, object]] = []
    for index in range(len(customers)):
        cause = CAUSES[int(fates.cause[index])]
        churn_on = int(fates.churn_on[index])
        rows.append(
            {
                "account_external_id": customers.external_id(index),
                "cause": cause.value,
                "visible": cause in VISIBLE,
                "onset_on": timeline.iso(int(fates.onset[index])),
                "notice_on": timeline.iso(int(fates.notice_on[index])),
                "churn_on": timeline.iso(churn_on),
                "return_on": timeline.iso(int(fates.return_on[index])),
                "fate": "stays" if churn_on >= NEVER else "lost" if churn_on <= 0 else "will_leave",
            }
        )
    return rows
