"""An address whose page forgot to say who may open it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from banso.web.urls import urlpatterns as real


def unnamed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [*real, path("unnamed/", unnamed)]
