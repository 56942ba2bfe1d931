"""Whether the portal runs from this checkout, and where its servers are."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any


def home_of(here: Path) -> Path:
    """Where the data lie: `.data` in the checkout, or MYGOV_HOME."""
    return Path(os.environ.get("MYGOV_HOME") or here / ".data").resolve()


class Running:
    """A lock held for as long as the launcher lives (the kernel lets go of it at any death), and a note beside it."""

    def __init__(self, home: Path) -> None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.note = home / "running.json"
        self.lock = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self) -> bool:
        """True when nobody else runs; the lock is then ours."""
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def release(self) -> None:
        fcntl.flock(self.lock, fcntl.LOCK_UN)

    def write(self, **facts: Any) -> None:
        self.note.touch(mode=0o600)
        self.note.write_text(json.dumps(facts))

    def forget(self) -> None:
        self.note.unlink(missing_ok=True)

    def read(self) -> dict[str, Any]:
        """The note; empty when there is none or it was cut short."""
        try:
            return json.loads(self.note.read_text())
        except (OSError, ValueError):
            return {}
