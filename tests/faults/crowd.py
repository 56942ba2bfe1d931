"""People at keep-alive connections to the portal's real web servers, who press the button of a ballot paper."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.test import Client

if TYPE_CHECKING:
    from commons.people.models import User

TOKEN = "t" * 32


def sessions(voters: list[User]) -> list[str]:
    """Signs each of them in; their session cookies, in order."""
    found = []
    for voter in voters:
        client = Client()
        client.force_login(voter)
        found.append(client.cookies["sessionid"].value)
    return found


class Line(HTTPConnection):
    """One connection to a web server. Close it."""

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port, timeout=60)

    def vote(self, slug: str, session: str, option: int, *, htmx: bool) -> tuple[int, str]:
        """Sends a ballot for this option, with HTMX or as a plain form. Status, and what was answered."""
        headers = {
            "Host": "localhost", "Origin": "http://localhost", "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}", **({"HX-Request": "true"} if htmx else {}),
        }  # fmt: skip
        body = urlencode({"choice": option, "csrfmiddlewaretoken": TOKEN})
        self.request("POST", f"/polls/{slug}/ballot/", body, headers)
        answer = self.getresponse()
        return answer.status, answer.read().decode()
