"""What `python3 portal …` does, once the packages are there."""

import os
import sys
from pathlib import Path

from mygov.launch import manage, run, tests

HERE = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    os.chdir(HERE)
    command, *arguments = sys.argv[1:]
    if command == "run":
        sys.exit(run.main(HERE, arguments))
    if command == "manage":
        sys.exit(manage.main(HERE, arguments))
    if command == "test":
        sys.exit(tests.main(arguments))
    os.execv(sys.executable, [sys.executable, "-m", "bench", *arguments])  # noqa: S606 - our own program
