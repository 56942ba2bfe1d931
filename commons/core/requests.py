"""Refuses requests no browser sends, and what is too large, before any of it reaches a query."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render

View = Callable[..., HttpResponse]
MOST_BYTES = 30_000_000  # of a request with its files; told from its head, before any of it is read
LONGEST_NAME = 500  # of a field: ours have some dozen signs


class RefuseMalformed:
    """400 for null bytes anywhere in a request: PostgreSQL cannot store them, and raises on them. And for endless names of fields.

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
            length = request.META.get("CONTENT_LENGTH") or "0"
            if not length.isdecimal() or int(length) > MOST_BYTES:
                context = {"megabytes": MOST_BYTES // 1_000_000, "back": request.path}
                return render(request, "413.html", context, status=413)
            for name, values in request.POST.lists():
                if len(name) > LONGEST_NAME or has_null([name, *values]):
                    return refused()
        return None


def has_null(texts: list[str]) -> bool:
    return any("\x00" in text for text in texts)


def refused() -> HttpResponse:
    return HttpResponseBadRequest("Malformed request.", content_type="text/plain")
