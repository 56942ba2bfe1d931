"""A guest who signs in brings their ballots along."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from commons.integrity.traces import trace_of
from commons.people import guests as browsers
from commons.people.models import User
from polls import guests


@receiver(user_logged_in)
def bring_ballots_along(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    key = browsers.key_of(request) if request is not None else ""
    if request is not None and key:
        guests.claim(key, user, trace=trace_of(request))
