"""What the worker does for polls."""

from celery import shared_task

from polls import counting, sealing


@shared_task
def fold_ballots() -> int:
    return counting.fold()


@shared_task
def seal_closed_polls() -> int:
    return sealing.seal_closed()
