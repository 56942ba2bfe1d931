"""Refuses requests no browser sends, before any of it reaches a query."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

View = Callable[..., HttpResponse]


class RefuseMalformed:
    """400 for null bytes anywhere in a request: PostgreSQL cannot store them, and raises on them.

    Cookies too: in quotes they may carry any byte as an octal number, past every proxy.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "").lower()
        texts = [request.path_info, query, *request.COOKIES, *request.COOKIES.values()]
        if "%00" in query or has_null(texts):
            return refused()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        """The form is read here, where every middleware that guards reading it has its say already."""
        if request.method == "POST":
            for name, values in request.POST.lists():
                if has_null([name, *values]):
                    return refused()
        return None


def has_null(texts: list[str]) -> bool:
    return any("\x00" in text for text in texts)


def refused() -> HttpResponse:
    return HttpResponseBadRequest("Malformed request.", content_type="text/plain")
