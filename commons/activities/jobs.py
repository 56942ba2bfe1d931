"""What the worker does for activities."""

from celery import shared_task

from commons.activities import lifecycle


@shared_task
def announce_phases() -> int:
    return lifecycle.announce_phases()
