"""A guest who signs in brings their answers along."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from commons.people.guests import key_of
from commons.people.models import User
from surveys import answering


@receiver(user_logged_in)
def bring_answers_along(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    key = key_of(request) if request is not None else ""
    if key:
        answering.claim(key, user)
