"""The publication of this checkout, and lists of every size, built once; the first one is served too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from four_lists import LISTS, build_list
from publication import build
from serving import serving


@pytest.fixture(scope="session")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the publication was built into. Tests leave it as it is."""
    return build(tmp_path_factory.mktemp("publication"))


@pytest.fixture(scope="session")
def served(feeds: Path) -> Iterator[str]:
    """The address at which *feeds* is served, with the last slash."""
    with serving(feeds) as address:
        yield address


@pytest.fixture(scope="session", params=LISTS)
def list_feeds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that each of the four lists was built into. Tests leave it as it is."""
    return build_list(request.param, tmp_path_factory.mktemp("list"))
