"""Child processes that never outlive the launcher, whatever kills it."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def before_exec(death_signal: int, *, leave_root: bool) -> Callable[[], None]:
    """What the child does between fork and exec. No imports and no locks there: the fork may hold them."""
    parent = os.getpid()

    def prepare() -> None:
        if leave_root:
            os.unshare(os.CLONE_NEWUSER)  # PostgreSQL refuses to run as root; in here it is nobody
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:  # the launcher died before prctl took hold
                os._exit(1)

    return prepare


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    death_signal: int = signal.SIGTERM,
    leave_root: bool = False,
) -> subprocess.Popen[bytes]:
    """Starts a child in a session of its own (so Ctrl-C reaches only the launcher), writing to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(env) if env is not None else None,
            start_new_session=True,
            preexec_fn=before_exec(death_signal, leave_root=leave_root),
        )


def stop(child: subprocess.Popen[bytes], how: int = signal.SIGTERM, *, patience: float = 8) -> None:
    """Asks the child to stop, and after `patience` seconds no longer asks."""
    if child.poll() is not None:
        return
    child.send_signal(how)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def started_at(pid: int) -> str | None:
    """When the process began, by the kernel's count; None if there is none. Guards against a pid used again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None
