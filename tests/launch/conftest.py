"""A newcomer's machine, shared by the tests of starting and stopping: the demo's country is seeded once."""

import signal

import pytest

from tests.launch.newcomer import Newcomer, end


@pytest.fixture(scope="session")
def newcomer(tmp_path_factory) -> Newcomer:
    """Nothing runs yet. The path has spaces, as people's folders have."""
    home = tmp_path_factory.mktemp("a newcomer's folder") / "data of the portal"
    return Newcomer(home)


@pytest.fixture
def running(newcomer):
    """The portal runs; afterwards it is stopped, however the test ended."""
    child = newcomer.run()
    yield child
    if child.poll() is None:
        end(child, signal.SIGTERM)
