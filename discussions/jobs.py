"""What the worker does for ideas."""

from celery import shared_task

from commons.core import clock
from commons.core.moments import INDIA
from discussions import idea_steps, ideas


@shared_task
def fold_support() -> None:
    ideas.fold()


@shared_task
def keep_the_calendar() -> None:
    """Stops what found no sponsors, and on a month's last working day lifts its first ideas."""
    idea_steps.stop_unsponsored()
    idea_steps.escalate_month(clock.now().astimezone(INDIA).date())
