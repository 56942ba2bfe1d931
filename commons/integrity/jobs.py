"""What the worker does so that votes stay honest."""

from celery import shared_task

from commons.integrity import checking, finding, traces


@shared_task
def find_clusters() -> int:
    checking.keep_out()
    return finding.find_all()


@shared_task
def forget_traces() -> int:
    return traces.forget_old()
