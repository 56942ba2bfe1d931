"""`portal test`: the tests, and the browser's journeys where there is a browser."""

import os
import shutil
import sys


def main(arguments: list[str]) -> int:
    import pytest

    if not any(argument.startswith(("-n", "--numprocesses")) for argument in arguments):
        arguments = ["-n", str(min(os.cpu_count() or 1, 8)), *arguments]
    arguments = ["--dist", "loadgroup", *arguments]  # what starts a whole portal does so one after the other
    if not shutil.which("chromium"):
        if os.environ.get("MYGOV_BROWSER_REQUIRED"):
            print("portal test: no chromium found, and the browser's journeys are required", file=sys.stderr)
            return 1
        print("portal test: no chromium found, so the browser's journeys are LEFT OUT (apt install chromium)")
        arguments = [*arguments, "--ignore=tests/browser"]
    return int(pytest.main(arguments))
