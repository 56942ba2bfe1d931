"""`portal test`: the tests, and the browser's where there is a browser and what it needs."""

import os
import shutil
import sys
from pathlib import Path

# The shell is the same Chromium without windows of its own, and opens a page in a quarter of the time.
BROWSERS = ("chromium-headless-shell", "chromium")
AXE = Path(__file__).resolve().parents[2] / "tests/browser/node_modules/axe-core/axe.min.js"


def main(arguments: list[str]) -> int:
    import pytest

    if not any(argument.startswith(("-n", "--numprocesses")) for argument in arguments):
        arguments = ["-n", str(min(os.cpu_count() or 1, 8)), *arguments]
    arguments = ["--dist", "loadgroup", *arguments]  # what starts a whole portal does so one after the other
    for lacks, left_out, remedy in missing():
        if os.environ.get("MYGOV_BROWSER_REQUIRED"):
            print(f"portal test: no {lacks} found, and {left_out} are required ({remedy})", file=sys.stderr)
            return 1
        print(f"portal test: no {lacks} found, so {left_out} are LEFT OUT ({remedy})")
    return int(pytest.main([*arguments, *ignored()]))


def missing() -> list[tuple[str, str, str]]:
    """What is not on this machine, what cannot be tried without it, and how to get it."""
    lacks = []
    if not browser():
        lacks.append(("chromium", "the browser's journeys", f"apt install {BROWSERS[0]}"))
    if not AXE.exists():
        lacks.append(("axe-core", "the rules of accessibility", "npm ci --prefix tests/browser"))
    return lacks


def browser() -> str | None:
    """The Chromium of this machine, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def ignored() -> list[str]:
    if not browser():
        return ["--ignore=tests/browser"]
    return [] if AXE.exists() else ["--ignore=tests/browser/test_states.py"]
