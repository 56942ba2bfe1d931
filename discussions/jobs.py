"""What the worker does for ideas."""

from celery import shared_task

from discussions import ideas


@shared_task
def fold_support() -> None:
    ideas.fold()
