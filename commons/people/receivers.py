"""What happens when somebody signs in or proves an address."""

from typing import Any

from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from commons.core.language import SESSION_KEY
from commons.people import drafts
from commons.people.models import User


@receiver(user_logged_in)
def bring_along(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Their language, and what they typed before."""
    if request is None or not hasattr(request, "session"):
        return
    request.session[SESSION_KEY] = user.language
    if not hasattr(request, "user") or request.user != user:
        request.user = user
    drafts.move_to_person(request, user)


@receiver(email_confirmed)
def raise_level(sender: Any, email_address: Any, **kwargs: Any) -> None:
    """A code that came back proves the address."""
    User.objects.filter(pk=email_address.user_id, level=User.Level.GUEST).update(level=User.Level.CODE)
