"""Reads settings from the environment, so that one image runs everywhere."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class Missing(Exception):
    """A variable without which the portal must not start."""


def text(name: str, default: str | None = None) -> str:
    """The variable's value. Empty is unset, as in .env.example; raises Missing when there is no default either."""
    value = os.environ.get(name) or default
    if value is None:
        raise Missing(f"set {name}: see .env.example")
    return value


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes and on, whatever their case."""
    return text(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    return int(text(name, str(default)))


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty items."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, Any]:
    """Django's database settings for postgresql://user:password@host:port/name?option=value.

    A socket directory goes into `?host=/path`; other query parameters are passed to psycopg.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must be postgresql://…: the portal uses PostgreSQL only")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "commons.core.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }
