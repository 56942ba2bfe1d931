"""What the worker does to tell people."""

from celery import shared_task

from mygov.notifications import delivering, digests, telling


@shared_task
def tell_now() -> None:
    """Hurried along after a commit."""
    telling.expand()
    delivering.send_due()


@shared_task
def sweep() -> None:
    """Finds what the queue lost."""
    while telling.expand() == 100:
        pass
    delivering.send_due()


@shared_task
def send_digests() -> None:
    """The daily and weekly mails whose hour has come."""
    digests.build()
    digests.send_due()
