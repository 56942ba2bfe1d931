"""The shared cache, which may go away without taking the portal with it."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import TimeoutError as TooSlow

log = logging.getLogger(__name__)


def forgiving(name: str, instead: Any) -> Callable[..., Any]:
    def call(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except (Unreachable, TooSlow):
            log.warning("cache unreachable: %s answered %r", name, instead)
            if name == "get":
                return kwargs.get("default", args[1] if len(args) > 1 else None)
            return instead

    return call


class ForgivingRedisCache(RedisCache):
    """Answers like an empty cache while Valkey is away.

    Limits on sign-in read `add` and `incr` failures as refusals (see commons.people), so this is safe
    for reading and writing, and closed for guessing codes.
    """

    get = forgiving("get", None)
    get_many = forgiving("get_many", {})
    set = forgiving("set", None)
    add = forgiving("add", False)
    touch = forgiving("touch", False)
    delete = forgiving("delete", False)
    has_key = forgiving("has_key", False)
