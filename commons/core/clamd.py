"""Asks clamd whether bytes hold harmful software: its command INSTREAM, over TCP or a unix socket."""

from __future__ import annotations

import socket
import time
from struct import pack

from django.conf import settings

LONGEST_ANSWER = 4096  # bytes; a name and a word


class Away(Exception):
    """There is no verdict: clamd is not there, hangs, or could not look at this one."""


def found_in(data: bytes, *, patience: float) -> str:
    """The name of what clamd found; empty when it found nothing. Raises Away without a verdict within `patience` seconds."""
    ends = time.monotonic() + patience
    try:
        with connected(patience) as wire:
            wire.settimeout(max(ends - time.monotonic(), 0.001))
            wire.sendall(b"zINSTREAM\0" + pack(">I", len(data)) + data + pack(">I", 0))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
                # Each piece may be late by itself; together they have what is left.
                wire.settimeout(max(ends - time.monotonic(), 0.001))
                if not (piece := wire.recv(LONGEST_ANSWER)):
                    break
                answer += piece
    except (OSError, ValueError) as error:
        raise Away(f"no answer from {settings.SCANNER}: {error}") from error
    verdict = answer.rstrip(b"\0\n").decode("utf-8", "replace")
    if verdict == "stream: OK":
        return ""
    if verdict.startswith("stream: ") and verdict.endswith(" FOUND"):
        return verdict.removeprefix("stream: ").removesuffix(" FOUND")
    raise Away(f"no verdict from {settings.SCANNER}: {verdict[:200]!r}")


def connected(patience: float) -> socket.socket:
    """`MYGOV_SCANNER` is host:port, or the path of a unix socket."""
    if settings.SCANNER.startswith("/"):
        wire = socket.socket(socket.AF_UNIX)
        try:
            wire.settimeout(patience)
            wire.connect(settings.SCANNER)
        except OSError:
            wire.close()
            raise
        return wire
    host, _colon, port = settings.SCANNER.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=patience)
