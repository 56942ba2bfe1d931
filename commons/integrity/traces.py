"""Where a vote came from, as far as it helps to find many votes of one hand: a network and a device, both only as keyed hashes.

The network is the /24 (IPv4) or /48 (IPv6) around the address; thousands of honest people may share one, so it proves
nothing by itself. The address is the one our own proxies saw (MYGOV_PROXIES): what a client writes into X-Forwarded-For
counts for nothing. The device is a signed cookie, set only when somebody votes.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connection
from django.utils.crypto import salted_hmac

from commons.integrity.kinds import KINDS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

DAYS_KEPT = 30
BATCH = 10_000
SALT = "commons.integrity.device"


class Trace(NamedTuple):
    """`token` is the device's cookie, to be set where there was none."""

    network: int | None = None
    device: int | None = None
    token: str = ""


NO_TRACE = Trace()


def trace_of(request: HttpRequest) -> Trace:
    """The trace of a request, with a new device where the cookie is missing or was made up."""
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        device = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        device = secrets.token_urlsafe(12)
        token = signing.Signer(salt=SALT).sign(device)
    return Trace(network_of(request), hashed("device", device), token)


def network_of(request: HttpRequest) -> int | None:
    """None when the address cannot be told: the vote counts all the same."""
    try:
        return network_around(get_adapter().get_client_ip(request))
    except (ValueError, PermissionDenied, ImproperlyConfigured):
        return None


@lru_cache(maxsize=10_000)
def network_around(client: str) -> int:
    """Raises ValueError for what is no address."""
    address = ip_address(client)
    if mapped := getattr(address, "ipv4_mapped", None):
        address = mapped
    bits = 24 if isinstance(address, IPv4Address) else 48
    return hashed("network", str(ip_network(f"{address}/{bits}", strict=False)))


@lru_cache(maxsize=10_000)
def hashed(what: str, value: str) -> int:
    """A number that tells equal from different, and from which nobody without our key finds the value."""
    digest = salted_hmac(f"commons.integrity.{what}", value, algorithm="sha256").digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def remember(request: HttpRequest, response: HttpResponse, trace: Trace) -> HttpResponse:
    """Sets the device's cookie, if the browser does not carry it yet."""
    if trace.token and request.COOKIES.get(settings.DEVICE_COOKIE_NAME) != trace.token:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME, trace.token, max_age=DAYS_KEPT * 24 * 60 * 60, secure=settings.HTTPS,
            httponly=True, samesite="Lax",
        )  # fmt: skip
    return response


FORGET = """
WITH old AS (
  SELECT id FROM {table} WHERE at < now() - %(kept)s * interval '1 day' AND (network IS NOT NULL OR device IS NOT NULL)
  LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
UPDATE {table} v SET network = NULL, device = NULL FROM old WHERE v.id = old.id
"""
FORGET_SHARED = """
UPDATE integrity_cluster SET shared = '' WHERE found_at < now() - %(kept)s * interval '1 day' AND shared <> ''
"""


def forget_old() -> int:
    """Wipes every trace older than thirty days, a batch at a time. Returns how many votes had one."""
    forgotten = 0
    with connection.cursor() as cursor:
        for kind in KINDS.values():
            while True:
                cursor.execute(FORGET.format(table=kind.table), {"kept": DAYS_KEPT, "batch": BATCH})
                forgotten += cursor.rowcount
                if cursor.rowcount < BATCH:
                    break
        cursor.execute(FORGET_SHARED, {"kept": DAYS_KEPT})
    return forgotten
