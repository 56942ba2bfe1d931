"""Times the first and the second start on a quiet machine, the better of two each: `python -m tests.launch.two_starts`."""

import sys
import tempfile
import time
from pathlib import Path

from tests.launch.newcomer import Newcomer, end

FIRST, SECOND = 20, 5  # seconds
USUAL_SECOND = 0.9  # seconds, on the machine for which they were set: a slower one gets more in proportion


def main() -> int:
    firsts, seconds = [], []
    for _time in range(2):
        with tempfile.TemporaryDirectory() as place:
            newcomer = Newcomer(Path(place) / "data")
            firsts.append(timed(newcomer))
            seconds.append(timed(newcomer))
    first, second = min(firsts), min(seconds)
    most = FIRST * max(1.0, second / USUAL_SECOND)
    print(f"first start {first:.1f} s (at most {most:.1f}), second {second:.1f} s (at most {SECOND})")
    return 0 if first <= most and second <= SECOND else 1


def timed(newcomer: Newcomer) -> float:
    begun = time.monotonic()
    child = newcomer.run()
    took = time.monotonic() - begun
    end(child)
    return took


if __name__ == "__main__":
    sys.exit(main())
