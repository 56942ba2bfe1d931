"""Whether a request came from one of our own pages, for the one form that cannot carry a token."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_our_own(request: HttpRequest) -> bool:
    """Judges by Sec-Fetch-Site, which a page cannot set, and by Origin where the browser is too old for it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()
