"""What every test of signing in needs: the code that was sent, and the way through a form."""

import re

from django.core import mail

from commons.people.models import User
from mygov.demo.models import OutboxMessage

CODE = re.compile(r"\b(\d{6})\b")
PHONE, TYPED = "+919876543210", "98765 43210"
PASSWORD = "a long enough password"  # noqa: S105 - the tests'


def mailed_code() -> str:
    return CODE.search(mail.outbox[-1].body).group(1)


def texted() -> list[str]:
    """The words of all SMS so far, the oldest first."""
    return list(OutboxMessage.objects.filter(channel="sms").order_by("id").values_list("body", flat=True))


def texted_code() -> str:
    return CODE.search(texted()[-1]).group(1)


def other_than(code: str) -> str:
    """A code of the same form that is wrong."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def signed_in(client) -> User | None:
    """Who the next request of this browser comes from."""
    pk = client.session.get("_auth_user_id")
    return User.objects.filter(pk=pk).first() if pk else None


def sign_up(client, contact: str, password: str = "", name: str = "", **more):
    return client.post("/accounts/signup/", {"contact": contact, "password1": password, "display_name": name, **more})
