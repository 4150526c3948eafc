"""A private state of its own for each test."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from handbill.deliver.state import opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the state is."""
    return tmp_path / "state"


@pytest.fixture
def connection(folder: Path) -> Iterator[sqlite3.Connection]:
    """The state, open."""
    with opened(folder) as connection:
        yield connection
