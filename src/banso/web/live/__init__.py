"""Notes to open pages that something has changed, as server-sent events.

``GET /live/?accounts=UID,UID&topics=arrivals`` with the cookie of a session answers with a stream
(``text/event-stream``) of

``event: accounts``, ``data: {"uids": ["…"]}``
    These of the accounts asked for have been published anew. When more changed at once than can be
    named, all that were asked for are.
``event: arrivals``, ``data: {}``
    Events have come in; only for ``topics=arrivals`` and readers who may see sources.

A note says that something changed and never what: the page fetches itself again, under the rights
of its reader. At most ten notes a second are sent. What changed within the last seconds before the
stream began is told at its beginning, so that nothing is missed between a page and its stream.
While a stream is open its accounts are brought up to date before others. A comment every 15 seconds
keeps proxies from closing it; it ends by itself when the session does.

Accounts that the reader may not see are passed over in silence. Other answers: 401 without a
session, 403 without the right, 405 for other methods, 400 when nothing known is asked for, 503 with
Retry-After when the process has as many streams as it takes.
"""
