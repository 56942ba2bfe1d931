"""Tells the history triggers who is changing rows, so that every version of a row names its author."""

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse


class WhoChanged:
    """Opens a history context for requests that may write; reading costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        with pghistory.context(user=request.user.pk, path=request.path[:200]):
            return self.get_response(request)
