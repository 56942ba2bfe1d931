"""`python3 portal bench`: starts the portal as in production, drives it beside its limits, and says what passed."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from bench import checks, processes, report
from bench.house import HERE, House, wrk
from bench.report import Result
from bench.workloads import workloads
from mygov.launch.state import Running

RENDERING = "rendering"  # a workload of its own kind: ways to draw the comments


def main() -> int:
    parser = argparse.ArgumentParser(prog="portal bench", description="Measure the portal beside the machine's limits.")
    parser.add_argument(
        "workloads", nargs="*", help="names, or how they begin; 'rendering' compares ways to draw comments (all)"
    )
    parser.add_argument("--comments", type=int, default=1_000_000, help="comments in the largest discussion; 0: none")
    parser.add_argument("--seconds", type=int, default=2, help="length of one run (2)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each side, in turn (3)")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args()
    home = HERE / ".data" / "bench"
    if not Running(home).take():
        return refuse("another bench runs from here")
    house = House(home, options.comments)
    try:
        wrk()
        house.start()
        results = measure(house, options)
    except (RuntimeError, AssertionError) as error:
        return refuse(str(error))
    except KeyboardInterrupt:
        return refuse("stopped")
    finally:
        house.stop()
    if options.json:
        options.json.write_text(json.dumps([result.facts() for result in results], indent=1))
    return 0 if all(result.passed for result in results) else 1


def measure(house: House, options: argparse.Namespace) -> list[Result]:
    wanted = [
        work for work in workloads(house)
        if not options.workloads or any(work.name.startswith(name) for name in options.workloads)
    ]  # fmt: skip
    if (share := quiet()) < 0.9:
        print(f"bench: others use {1 - share:.0%} of this machine: look at the processor time, not at the rates")
    print(report.heading(house, options.rounds, options.seconds), flush=True)
    results, before = [], 0
    for work in wanted:
        checks.page(work)
        counted = checks.Counted(house, work)
        for name, target in work.sides.items():
            target.drive(2 if name == "portal" else 1)  # warm
        before = before or house.memory()
        runs = {name: [] for name in work.sides}
        for _ in range(options.rounds):
            for name, target in work.sides.items():
                before_run = house.busy(target.port)
                run = target.drive(options.seconds)
                runs[name].append(replace(run, busy=house.busy(target.port) - before_run))
        checks.page(work)
        result = Result(work, runs)
        result.faults += counted.faults()
        results.append(result)
        print(report.lines(result), flush=True)
    asked = sum(target.asked for work in wanted for target in work.sides.values() if target.port == house.portal)
    if not options.workloads or RENDERING in options.workloads:
        house.run(RENDERING, sys.executable, "-m", "bench.rendering")
        print((house.home / f"{RENDERING}.log").read_text())
    print(report.memory(before, house.memory(), asked))
    print(report.verdict(results))
    return results


def quiet() -> float:
    """The share of the machine that is free: looked at for a second before anything is driven."""
    idle, everything = processes.ticks()
    time.sleep(1)
    idle_then, everything_then = processes.ticks()
    return (idle_then - idle) / max(everything_then - everything, 1)


def refuse(words: str) -> int:
    print(f"portal bench: {words}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    begun = time.monotonic()
    code = main()
    print(f"{time.monotonic() - begun:.0f} seconds")
    sys.exit(code)
