"""Hurries the worker along when something happened. When the queue is away the sweep does it later."""

import logging
import time
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.pools import producers
from redis.exceptions import RedisError

from commons.audit.events import waiting
from mygov.notifications.jobs import tell_now

log = logging.getLogger(__name__)
REST = 10  # seconds in which nobody knocks at a queue that did not answer
_resting_until = 0.0
# The worker's own connection may wait; a page may not. A queue that hangs is worse than one that is gone.
QUICK = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}  # seconds
_queue = Connection(settings.CELERY_BROKER_URL, transport_options={**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **QUICK})


@receiver(waiting)
def hurry(sender: Any, ids: list[int], **kwargs: Any) -> None:
    """Never slows a person down: a queue that is away costs one short wait, and then none for a while."""
    global _resting_until
    if not ids or time.monotonic() < _resting_until:
        return
    try:
        with producers[_queue].acquire(block=True, timeout=QUICK["socket_timeout"]) as producer:
            tell_now.apply_async(producer=producer, expires=60, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        _resting_until = time.monotonic() + REST
        log.warning("the queue is away (%s); the sweep will tell", type(error).__name__)
