"""What every answer tells the browser beyond Django's own settings: who may load it, and what its page may use."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

NOT_USED = ["camera", "microphone", "geolocation", "payment", "usb", "browsing-topics"]
HEADERS = {
    "Server": "MyGov",  # or the web server would name itself and what it is
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NOT_USED),
}


def allow(response: HttpResponse, feature: str) -> HttpResponse:
    """Lets this one page ask the browser for something no other page may use; the person is asked all the same."""
    policy = HEADERS["Permissions-Policy"].replace(f"{feature}=()", f"{feature}=(self)")
    response.headers["Permissions-Policy"] = policy
    return response


@receiver(user_logged_out)
def remember(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None:
        request.signed_out = True  # type: ignore[attr-defined]


class ExtraHeaders:
    """Stands outside everything, so that static files and refused requests have them too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if getattr(request, "signed_out", False):
            # On a shared computer nothing of what was read stays behind.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
