"""The portal's addresses, and four that go wrong on purpose, so that the pages which say so can be looked at."""

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


wrong = [
    path(f"{way}wrong/{view.__name__}/", view) for way in ("", "hi/") for view in (bad, forbidden, broken, too_often)
]
urlpatterns = [*wrong, *urlpatterns]
