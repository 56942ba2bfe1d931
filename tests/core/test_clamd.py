"""Clamd's verdict is believed; anything else is no verdict."""

import socket
import time

import pytest

from commons.core import clamd
from tests.clamd import EICAR, UnixClamd, running


def test_what_is_clean_passes_and_what_is_found_is_named(settings):
    with running() as server:
        settings.SCANNER = server.address
        data = bytes(9_000_000)
        assert clamd.found_in(data, patience=10) == ""
        assert clamd.found_in(b"before" + EICAR, patience=10) == "Eicar-Test-Signature"
        assert server.scanned == [data, b"before" + EICAR]


def test_it_may_listen_on_a_unix_socket(settings, tmp_path):
    with running(str(tmp_path / "c"), UnixClamd) as server:
        settings.SCANNER = server.address
        assert clamd.found_in(EICAR, patience=10) == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "answer",
    [b"", b"\0", b"INSTREAM size limit exceeded. ERROR\0", b"stream: Can't allocate memory ERROR\0", b"stream: OK but\0",
     b"OK\0", b"UNKNOWN COMMAND\0", b"x" * 10_000, b"stream: \xff\xfe\0"],
)  # fmt: skip
def test_whatever_else_it_says_is_no_verdict(settings, answer):
    with running() as server:
        settings.SCANNER, server.answer = server.address, answer
        with pytest.raises(clamd.Away):
            clamd.found_in(b"a", patience=10)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.sock", "no port", "127.0.0.1:x", "127.0.0.1:99999"])
def test_where_nobody_listens_there_is_no_verdict(settings, address):
    settings.SCANNER = address
    with pytest.raises(clamd.Away):
        clamd.found_in(b"a", patience=1)


def test_one_that_hangs_or_dribbles_costs_no_more_than_the_patience(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections into its queue, and never answers
        settings.SCANNER = f"127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(clamd.Away):
            clamd.found_in(bytes(9_000_000), patience=0.5)
        assert time.monotonic() - began < 1.5
