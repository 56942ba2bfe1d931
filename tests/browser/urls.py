"""The portal's addresses, and five that go wrong on purpose, so that the pages which say so can be looked at."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from mygov.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def bad(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", {"megabytes": 30, "back": "/"}, status=413)


views = (bad, forbidden, broken, too_often, too_large)
wrong = [path(f"{way}wrong/{view.__name__}/", view) for way in ("", "hi/") for view in views]
urlpatterns = [*wrong, *urlpatterns]
