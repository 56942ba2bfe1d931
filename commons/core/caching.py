"""What a browser or shared cache may keep: nothing, unless a view says its page is the same for everybody.

A public page carries no cookie, no token and no personal part. A request with a session cookie never
gets the shared answer marked as such, so a cache in front may serve everybody else from memory.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Marks a view whose page, for people who are not signed in, is the same for all of them in one language."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.is_public_page = True  # type: ignore[attr-defined]
        return response

    return marked


class CacheHeaders:
    """Writes Cache-Control and Vary. Sits outside everything that sets cookies, so that it sees them."""

    public = "public, max-age=15, stale-while-revalidate=60"
    private = "private, no-store"

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        if response.has_header("Cache-Control"):
            return response
        shared = (
            getattr(response, "is_public_page", False)
            and request.method in {"GET", "HEAD"}
            and response.status_code == 200
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not response.cookies
        )
        response["Cache-Control"] = self.public if shared else self.private
        return response
