"""How many SMS may leave: for a number and an address by allauth's limits, for the whole portal by a cap an hour.

Codes for strangers' numbers cost the public money and strangers their sleep. The limits count every SMS alike,
whether the number has an account or not, so that none of them tells which numbers do.
"""

from __future__ import annotations

import logging
import time

from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
HOUR = 3600  # seconds


def key_of_this_hour() -> str:
    return f"sms:{int(time.time() // HOUR)}"


def check_open() -> None:
    """Raises ValidationError while the portal has used up its hour. Asked before anything depends on the number."""
    if cache.get(key_of_this_hour(), 0) >= settings.SMS_PER_HOUR:
        log.error("the SMS of this hour are used up")
        raise ValidationError(_("Codes cannot be sent by SMS right now. Use your e-mail address, or try later."), "sms")


def check_number(request: HttpRequest, phone: str) -> None:
    """Counts one SMS for this number and this internet address; raises ValidationError when there were too many."""
    check_open()
    if not ratelimit.consume(request, action="verify_phone", key=phone):
        raise ValidationError(_("Too many codes for this number. Wait a while and try again."), "sms")


def take_one() -> bool:
    """Whether one more may leave this hour. No when the shared cache is away: what cannot be counted is not sent."""
    key = key_of_this_hour()
    try:
        cache.add(key, 0, 2 * HOUR)
        return cache.incr(key) <= settings.SMS_PER_HOUR
    except (ValueError, RedisError):
        return False
