"""The password of a sign-up waits in the session of whoever typed it, until they prove that the address is theirs.

Otherwise somebody signs up with another person's address and a password of their own, waits until that person
proves the address some day, and then walks in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

    from commons.people.models import User

SESSION_KEY = "waiting_password"


def keep(request: HttpRequest, user: User, password_hash: str) -> None:
    """Only ever the hash; empty when none was chosen."""
    request.session[SESSION_KEY] = [user.pk, password_hash]


def give(request: HttpRequest, user: User) -> None:
    """Called when `user` comes in for good: on the first time their waiting password becomes their own."""
    person, password_hash = request.session.pop(SESSION_KEY, [None, ""])
    if password_hash and person == user.pk and user.last_login is None and not user.has_usable_password():
        user.password = password_hash
        user.save(update_fields=["password"])
