"""Tells the history triggers who is changing rows, so that every version of a row names its author."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pghistory
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def writes_no_history(view: View) -> View:
    """Marks a view that changes no row whose versions are kept, and is asked for often: it needs no context."""
    view.writes_no_history = True  # type: ignore[attr-defined]
    return view


class WhoChanged:
    """Opens a history context for requests that may write; reading costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as request.history:  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"} or getattr(view, "writes_no_history", False):
            return
        context = pghistory.context(user=request.user.pk, path=request.path[:200])
        request.history.enter_context(context)  # type: ignore[attr-defined]
