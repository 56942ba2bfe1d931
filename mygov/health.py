"""`/livez` says the process answers; `/readyz` says it can do its work: database, broker, worker.

A middleware, because an orchestrator asks by address and without a host name the portal knows.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

HEARTBEAT = "mygov:heartbeat"
HEARTBEAT_LASTS = 45  # seconds; the worker renews it every ten
PATIENCE = 2  # seconds for each check

Check = Callable[[], None]


def database() -> None:
    settings_of = connection.get_connection_params()
    wanted = {key: settings_of[key] for key in ("dbname", "user", "password", "host", "port") if settings_of.get(key)}
    with psycopg.connect(**wanted, connect_timeout=PATIENCE, options=f"-c statement_timeout={PATIENCE}s") as asked:
        asked.execute("SELECT 1")


def broker_connection() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)


def broker() -> None:
    with broker_connection() as asked:
        asked.ping()


def worker() -> None:
    with broker_connection() as asked:
        beat = asked.get(HEARTBEAT)
    if beat is None:
        raise RuntimeError("no worker has been heard lately")


def heartbeat() -> None:
    """Renewed by the worker itself, through the queue: so it proves beat, broker and worker at once."""
    with broker_connection() as told:
        told.set(HEARTBEAT, int(time.time()), ex=HEARTBEAT_LASTS)


CHECKS: dict[str, Check] = {"database": database, "broker": broker, "worker": worker}


def readiness() -> JsonResponse:
    def answer(check: Check) -> str:
        try:
            check()
        except (psycopg.Error, redis.RedisError, RuntimeError) as error:
            return f"failed: {type(error).__name__}"
        return "ok"

    with ThreadPoolExecutor(len(CHECKS)) as pool:
        results = dict(zip(CHECKS, pool.map(answer, CHECKS.values()), strict=True))
    return JsonResponse(results, status=200 if set(results.values()) == {"ok"} else 503)


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/livez":
            return HttpResponse("alive", content_type="text/plain", headers={"Cache-Control": "no-store"})
        if request.path_info == "/readyz":
            response = readiness()
            response["Cache-Control"] = "no-store"
            return response
        return self.get_response(request)


if __name__ == "__main__":  # `python -m mygov.health worker`: what a container asks of itself
    CHECKS[sys.argv[1]]()
