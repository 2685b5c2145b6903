"""Where the stream of changes would be, on a server that cannot keep streams open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from banso.web.access import access


@access("workspace.view")
def no_stream(request: HttpRequest) -> HttpResponse:
    """Tell the browser not to ask again; pages then change by being loaded anew.

    Under ``banso serve`` the stream itself answers this address before any page is looked for.
    """
    return HttpResponse(status=204)
