"""Refuses requests no browser sends, before any of it reaches a query."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest


class RefuseMalformed:
    """400 for null bytes in the path or query: PostgreSQL cannot store them, and raises on them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "").lower()
        if "\x00" in request.path_info or "%00" in query or "\x00" in query:
            return HttpResponseBadRequest("Malformed request.", content_type="text/plain")
        return self.get_response(request)
