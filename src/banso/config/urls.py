"""All addresses."""

from django.urls import include, path

urlpatterns = [path("", include("banso.web.urls"))]
handler404 = "banso.web.errors.not_found"
handler403 = "banso.web.errors.forbidden"
