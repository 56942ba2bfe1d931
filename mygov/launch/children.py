"""Child processes that never outlive the launcher, whatever kills it."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
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
    """Starts a child in a session of its own (so Ctrl-C reaches only the launcher), adding to `log`.

    Raises RuntimeError when root may not leave root here (a container without user namespaces).
    """
    with log.open("ab") as output:
        try:
            return subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(env) if env is not None else None,
                start_new_session=True,
                preexec_fn=before_exec(death_signal, leave_root=leave_root),
            )
        except subprocess.SubprocessError as error:
            raise RuntimeError(
                "PostgreSQL does not run as root, and this system does not let root become somebody else; "
                "start the portal as an ordinary user, or set DATABASE_URL to a server of your own"
            ) from error


def stop(child: subprocess.Popen[bytes], how: int = signal.SIGTERM, *, patience: float = 8) -> None:
    """Asks the child to stop, and after `patience` seconds no longer asks. Its own children end with it."""
    if child.poll() is None:
        child.send_signal(how)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    kill_group(child.pid)


def kill_group(pid: int) -> None:
    """Ends what a child left behind: a web server killed outright leaves its workers holding the port."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def started_at(pid: int) -> str | None:
    """When the process began, by the kernel's count; None if there is none. Guards against a pid used again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None
