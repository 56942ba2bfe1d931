"""A mail server of one page: takes every mail, remembers its Message-ID, and can hold back its answer."""

from __future__ import annotations

import socketserver
import threading
import time
from contextlib import suppress
from email import message_from_bytes


class PostOffice(socketserver.ThreadingTCPServer):
    """`taken` are the mails whose every byte has arrived, whether or not the sender heard "250" for them."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.taken: list[str] = []
        self.recipients: list[str] = []
        self.answer_after = 0.0  # seconds
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def takes(self) -> bool:
        """Whether it takes the next mail. Otherwise the sender is told to come again."""
        return True

    @property
    def port(self) -> int:
        return self.server_address[1]


class Counter(socketserver.StreamRequestHandler):
    """One sender."""

    server: PostOffice

    def handle(self) -> None:
        with suppress(ConnectionError):  # the sender was killed
            self.listen()

    def listen(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.partition(" ")[0].upper()
            if word == "DATA":
                self.say("354 go on")
                if not self.take():
                    self.say("451 come again")
                    continue
            if word == "QUIT":
                self.say("221 bye")
                return
            self.say("250 fine")

    def take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return True
            lines.append(line)
        if not self.server.takes():
            return False
        mail = message_from_bytes(b"".join(lines))
        self.server.taken.append(mail["Message-ID"])
        self.server.recipients.append(mail["To"])
        time.sleep(self.server.answer_after)
        return True

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
