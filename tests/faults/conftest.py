"""Options of the long campaigns."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Tests of faults take a sample by default."""
    parser.addoption("--campaign", action="store_true", help="every fault at every place, for many rounds (long)")
    parser.addoption("--years", type=int, default=1, help="how many years of cron")
    parser.addoption("--first-year", type=int, default=1, help="the seed of the first of them")


@pytest.fixture
def campaign(request: pytest.FixtureRequest) -> bool:
    """Whether all of it is wanted."""
    return bool(request.config.getoption("--campaign", default=False))  # unknown where this file is not named
