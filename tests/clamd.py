"""A clamd for tests: the wire of INSTREAM as clamd(8) writes it down, and one signature."""

from __future__ import annotations

import socketserver
import struct
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Every scanner knows this text, which does no harm; in two parts, or scanners would take this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LARGEST = 25_000_000  # clamd's StreamMaxLength


class OneScan(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        data = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
            if len(data) > LARGEST:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.scanned.append(data)
        self.wfile.write(self.server.verdict(data))


class Clamd(socketserver.ThreadingTCPServer):
    """What it was given is in `scanned`; `answer` takes the place of its own verdict."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, address) -> None:
        super().__init__(address, OneScan)
        self.scanned: list[bytes] = []
        self.answer: bytes | None = None

    def verdict(self, data: bytes) -> bytes:
        if self.answer is not None:
            return self.answer
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"

    @property
    def address(self) -> str:
        host, port = self.server_address[:2]
        return f"{host}:{port}"


class UnixClamd(Clamd):
    address_family = socketserver.UnixStreamServer.address_family

    @property
    def address(self) -> str:
        return str(self.server_address)

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)


@contextmanager
def running(address=("127.0.0.1", 0), kind=Clamd) -> Iterator[Clamd]:
    with kind(address) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()
