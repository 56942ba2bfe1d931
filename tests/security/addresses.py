"""Every address the portal has, as the resolver knows them: a new one is swept the day it is added."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

SAMPLES = {
    "int": "1",
    "slug": "schools",
    "str": "schools",
    "path": "schools",
    "uuid": "6b3a1e0e-6d2f-4c86-9d0c-0a4f5f0a0001",
}
POLL = "colours"  # two activities never have the same address
HOSTILE = {
    "int": ["0", "2147483648", "9223372036854775808", "9" * 30, "9" * 5000],
    "slug": ["x" * 3000, "-", "0", "_" * 200],
    "str": ["x" * 3000, "%00", "%ED%A0%80", "%F0%9F%99%82", "..%2f..", "%C3%28", "'\"%3Cscript%3E", "_01_02"],
    "path": ["x" * 3000, "%ED%A0%80", "a/../b", "%C3%28"],
    "uuid": ["00000000-0000-0000-0000-000000000000"],
}
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
REGEX_PART = re.compile(r"\(\?P<\w+>[^()]*(?:\([^()]*\)[^()]*)*\)")


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(route, pattern) of everything that answers; the language prefix is left out."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = getattr(entry.pattern, "_route", None)
        if route is None:
            route = (
                REGEX_PART.sub("<str:part>", str(entry.pattern).strip("^$")).replace("\\", "")
                if not hasattr(entry.pattern, "language_prefix")
                else ""
            )
        if isinstance(entry, URLResolver):
            yield from patterns(entry, before + route)
        else:
            yield before + route, entry


def addresses() -> list[str]:
    """Each route once, filled with what the tests' rows have."""
    found = dict.fromkeys(fill(route, {}) for route, _pattern in patterns())
    return [address for address in found if not address.startswith("/schools") or address == "/schools/"]


def fill(route: str, given: dict[int, str]) -> str:
    count = iter(range(100))
    samples = SAMPLES | ({"slug": POLL} if route.startswith("polls/") else {})
    return "/" + PART.sub(lambda part: given.get(next(count), samples[part.group(1) or "str"]), route)


def hostile_addresses() -> list[str]:
    """Each route with each of its parts replaced by each hostile value for its kind."""
    found = []
    for route, _pattern in patterns():
        for place, (kind, _name) in enumerate(PART.findall(route)):
            found += [fill(route, {place: value}) for value in HOSTILE[kind or "str"]]
    return list(dict.fromkeys(found))
