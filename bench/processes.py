"""Processor time and memory of a process and of those it started, as the kernel counts them (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the third on; empty when the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def tree(pid: int) -> Iterator[int]:
    """The process and its children, however deep."""
    found = {pid}
    everybody = {int(place.name): stat(int(place.name)) for place in Path("/proc").glob("[0-9]*")}
    while more := {child for child, facts in everybody.items() if facts and int(facts[1]) in found} - found:
        found |= more
    yield from found


def seconds(pid: int) -> float:
    """Processor seconds used so far, with those of children that have ended."""
    return sum(sum(int(ticks) for ticks in stat(one)[11:15]) for one in tree(pid)) / TICK


def memory(pid: int) -> int:
    """Resident megabytes of the largest process of the tree."""
    return max(int((stat(one) or ["0"] * 22)[21]) * PAGE for one in tree(pid)) // 1_000_000


def ticks() -> tuple[int, int]:
    """What all processors did since the machine started: ticks without work, and all ticks."""
    counted = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return counted[3] + counted[4], sum(counted)
