"""The host from which people's files come, and nothing else: what a file might do in a browser, it does away from the portal.

Without `MYGOV_ATTACHMENTS_ORIGIN` they come from the portal's own host, with the same headers.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.request import split_domain_port

PLACE = "/attachments/"  # the only addresses that are answered there


def address(path: str) -> str:
    """Where a file's path is answered."""
    return f"{settings.ATTACHMENTS_ORIGIN}{path}"


def is_apart(request: HttpRequest) -> bool:
    """Whether somebody asks the files' own host. By name alone: browsers do not keep cookies apart by port."""
    host = urlsplit(settings.ATTACHMENTS_ORIGIN).netloc
    return bool(host) and split_domain_port(request.get_host())[0] == split_domain_port(host.lower())[0]


def download(name: str, media_type: str, data: bytes) -> HttpResponse:
    """A file to be saved. Should a browser show it all the same, nothing in it may run, load or be kept."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


class FilesApart:
    """Outside everything that answers. On the files' host nobody has a cookie, and whatever is no file is not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.ATTACHMENTS_ORIGIN or not is_apart(request):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        if request.path_info.startswith(PLACE):
            response = self.get_response(request)
            if response.status_code == 200:
                return response
        return HttpResponseNotFound("Not found.", content_type="text/plain")
