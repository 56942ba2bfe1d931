"""Real gateways to send to: an HTTP server and an SMPP message centre, each in a thread of the test."""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from smpplib import consts, smpp
from smpplib.client import SimpleSequenceGenerator


class HttpGateway(ThreadingHTTPServer):
    """Keeps every request; answers with what `answer` (status, body, further headers) says."""

    daemon_threads = True

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = say(200, b'{"id": "m-1"}')
        super().__init__(("127.0.0.1", 0), HttpTalk)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The caller hung up: that is what some of the tests are about."""


class HttpTalk(BaseHTTPRequestHandler):
    server: HttpGateway
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, dict(self.headers), json.loads(body)))
        self.server.answer(self)

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers), None))
        self.server.answer(self)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


def say(status: int, body: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(talk: BaseHTTPRequestHandler) -> None:
        talk.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
            talk.send_header(name, value)
        talk.end_headers()
        talk.wfile.write(body)
        talk.close_connection = True

    return answer


@dataclass
class Submitted:
    """One submit_sm as it came over the line, with the optional parameters the library cannot name."""

    to: str
    header: str
    coding: int
    kind: int
    text: bytes
    extra: dict[int, bytes]


@dataclass
class Centre:
    """How the message centre behaves, and what it was given."""

    submitted: list[Submitted] = field(default_factory=list)
    bound: list[tuple[str, str]] = field(default_factory=list)
    bind_status: int = consts.SMPP_ESME_ROK
    submit_status: int = consts.SMPP_ESME_ROK
    asks_whether_we_live: bool = False  # sends an enquire_link before it answers
    silent: bool = False
    raw: bytes | None = None  # said instead of an answer
    answered_enquiries: int = 0


class MessageCentre(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.centre = Centre()
        self.stopping = threading.Event()
        super().__init__(("127.0.0.1", 0), SmppTalk)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class SmppTalk(socketserver.BaseRequestHandler):
    server: MessageCentre
    request: socket.socket

    def handle(self) -> None:
        while (raw := self.read()) is not None:
            pdu = smpp.parse_pdu(raw, client=SimpleSequenceGenerator(), allow_unknown_opt_params=True)
            getattr(self, f"on_{pdu.command}", lambda *_: None)(pdu, raw)

    def read(self) -> bytes | None:
        start = self.exactly(4)
        return start + self.exactly(struct.unpack(">L", start)[0] - 4) if start else None

    def exactly(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            part = self.request.recv(size - len(got))
            if not part:
                return b""
            got += part
        return got

    def reply(self, command: str, to: Any, status: int = consts.SMPP_ESME_ROK, **fields: Any) -> None:
        pdu = smpp.make_pdu(command, client=SimpleSequenceGenerator(), status=status, **fields)
        pdu.sequence = to.sequence
        self.request.sendall(pdu.generate())

    def on_bind_transmitter(self, pdu: Any, raw: bytes) -> None:
        self.server.centre.bound.append((pdu.system_id.decode(), pdu.password.decode()))
        self.reply("bind_transmitter_resp", pdu, self.server.centre.bind_status, system_id="centre")

    def on_submit_sm(self, pdu: Any, raw: bytes) -> None:
        centre = self.server.centre
        centre.submitted.append(Submitted(
            pdu.destination_addr.decode(), pdu.source_addr.decode(), pdu.data_coding, pdu.esm_class, pdu.short_message,
            extra_of(raw, pdu.short_message),
        ))  # fmt: skip
        if centre.silent:
            self.server.stopping.wait(5)
            return
        if centre.raw is not None:
            self.request.sendall(centre.raw)
            return
        if centre.asks_whether_we_live:
            self.request.sendall(struct.pack(">LLLL", 16, 0x15, 0, 77))
            answer = self.read()
            centre.answered_enquiries += int(struct.unpack(">LLLL", answer[:16]) == (16, 0x80000015, 0, 77))
        self.reply("submit_sm_resp", pdu, centre.submit_status, message_id=f"id-{len(centre.submitted)}")

    def on_unbind(self, pdu: Any, raw: bytes) -> None:
        self.reply("unbind_resp", pdu)


def extra_of(raw: bytes, text: bytes) -> dict[int, bytes]:
    """What stands behind the message: tag, length, value, as often as there is something."""
    rest = raw[raw.rindex(text) + len(text) :]
    found = {}
    while rest:
        tag, length = struct.unpack(">HH", rest[:4])
        found[tag], rest = rest[4 : 4 + length], rest[4 + length :]
    return found
