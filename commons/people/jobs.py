"""Addresses that somebody typed and nobody proved do not stay."""

from datetime import timedelta

from celery import shared_task

from commons.core import clock
from commons.people.models import User

WAIT = timedelta(days=1)


@shared_task
def forget_sign_ups() -> int:
    """Deletes sign-ups that were never finished; otherwise a stranger's would keep an address from its owner."""
    _rows, of = User.objects.filter(pk__in=User.objects.forgotten_sign_ups(clock.now() - WAIT).values("pk")).delete()
    return of.get("people.User", 0)
