"""What every test can use: programs that may be missing, a browser, a folder served on loopback."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hub import Hub
from hypothesis import HealthCheck, settings
from needs import NEEDS, missing
from serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes says how busy the machine is; what must be quick has a test of its own.
settings.register_profile("handbill", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("handbill"), max_examples=25)
settings.load_profile("handbill")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks."""
    config.addinivalue_line("markers", f"needs(name, ...): skipped without these programs: {', '.join(NEEDS)}")
    config.addinivalue_line("markers", "slow: takes a third of a second or more; left out of scripts/test --quick")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs what is not here, or fail it where all must run."""
    names = tuple(name for mark in item.iter_markers("needs") for name in mark.args)
    if why := missing(names):
        _absent(why)


def _absent(why: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{why}, and CI=true allows no skip", pytrace=False)
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium; see ``tests/support/browser.py`` for what to do with it."""
    if why := missing(("chromium", "libatomic")):
        _absent(why)
    from browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder until the test ends; gives its address, with the last slash."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(serving(folder))


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub()
    yield made
    made.server.shutdown()
    made.server.server_close()
