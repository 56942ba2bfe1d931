"""What the worker does for comments."""

from celery import shared_task

from commons.comments import folding


@shared_task
def fold_tallies() -> int:
    return folding.fold()


@shared_task
def refresh_trending() -> int:
    return folding.refresh_trending()
