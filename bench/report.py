"""Medians and ranges, ratios to the limits, and whether they are enough."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from bench.drive import CONNECTIONS, Run
from bench.house import THREADS, WORKERS, House
from bench.workloads import Workload


@dataclass
class Result:
    work: Workload
    runs: dict[str, list[Run]]
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        errors = sum(run.errors for runs in self.runs.values() for run in runs)
        if errors:
            self.faults.append(f"{errors} errors")

    def rate(self, side: str) -> float:
        return median(run.rate for run in self.runs[side])

    def ratio(self, side: str) -> float:
        """The portal's rate over that side's, by medians."""
        return self.rate("portal") / self.rate(side)

    def cost(self, side: str) -> float:
        return median(run.cost for run in self.runs[side])

    @property
    def passed(self) -> bool:
        return not self.faults and all(self.ratio(side) >= least for side, least in self.work.must.items())

    def facts(self) -> dict[str, object]:
        return {
            "workload": self.work.name, "faults": self.faults, "passed": self.passed, "must": self.work.must,
            "rates": {side: [round(run.rate, 1) for run in runs] for side, runs in self.runs.items()},
            "p95": {side: round(median(run.p95 for run in runs), 2) for side, runs in self.runs.items()},
            "processor ms": {side: round(self.cost(side), 3) for side in self.runs},
            "ratios": {side: round(self.ratio(side), 3) for side in self.runs if side != "portal"},
        }  # fmt: skip


def heading(house: House, rounds: int, seconds: int) -> str:
    return (
        f"{date.today()} · {os.cpu_count()} cores, wrk among them · Python {platform.python_version()}"
        f" · granian WSGI, {WORKERS} processes of {THREADS} threads · {CONNECTIONS} connections"
        f" · {rounds} × {seconds} s, the sides in turn\n\n"
        f"{'workload':16} {'side':14} {'per second':>10}  {'range':>15} {'p50 ms':>8} {'p95 ms':>8} {'KB':>6} {'cpu ms':>7}  ratio to it"
    )


def lines(result: Result) -> str:
    found = []
    for side, runs in result.runs.items():
        rates = sorted(run.rate for run in runs)
        size = sum(run.bytes for run in runs) / max(sum(run.requests for run in runs), 1) / 1000
        text = (
            f"{result.work.name if side == 'portal' else '':16} {side:14} {result.rate(side):10,.0f}"
            f"  {f'{rates[0]:,.0f}–{rates[-1]:,.0f}':>15} {median(r.p50 for r in runs):8.1f}"
            f" {median(r.p95 for r in runs):8.1f} {size:6.1f} {result.cost(side):7.2f}"
        )
        if side != "portal":
            least = result.work.must.get(side)
            ratio = result.ratio(side)
            word = "" if least is None else f" {'pass' if ratio >= least else 'FAIL'}: at least {least:.2f}"
            text += f"  {ratio:.2f} (cpu {result.cost(side) / result.cost('portal'):.2f}){word}"
        found.append(text)
    return "\n".join(found + [f"{'':16} FAIL: {fault}" for fault in result.faults])


def memory(before: int, after: int, requests: int) -> str:
    return f"\nthe larger web worker: {before} MB after warming, {after} MB after {requests:,} requests to the portal"


def verdict(results: list[Result]) -> str:
    failed = [result.work.name for result in results if not result.passed]
    return f"FAILED: {', '.join(failed)}" if failed else "everything that must be reached is reached"
