"""Handbill installed from a wheel works as it does from a checkout."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from newcomer import copied
from publication import FILE, NOW

ROOT = FILE.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what a wheel of the files that git knows installs."""
    wheels, target = (tmp_path_factory.mktemp(name) for name in ("wheels", "target"))
    checkout = copied(tmp_path_factory.mktemp("checkout") / "handbill")
    pip = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation"]
    answer = subprocess.run(
        [*pip, "--wheel-dir", str(wheels), str(checkout)], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    (wheel,) = wheels.iterdir()
    with ZipFile(wheel) as packed:
        packed.extractall(target)
    return target


def test_everything_is_in_it(installed: Path) -> None:
    sources = {
        path.relative_to(ROOT / "src")
        for folder in (ROOT / "src" / "handbill", ROOT / "src" / "handbill" / "templates")
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert sources - {path.relative_to(installed) for path in installed.rglob("*")} == set()


def test_it_builds_the_same(installed: Path, feeds: Path, tmp_path: Path) -> None:
    code = "import handbill, sys; from handbill.cli import main; print(handbill.__file__); sys.exit(main())"
    options = [
        "build",
        "-f",
        str(FILE),
        "--out",
        str(tmp_path / "feeds"),
        "--state",
        str(tmp_path / "state"),
        "--now",
        NOW,
    ]
    answer = subprocess.run(
        [sys.executable, "-c", code, *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(str(installed))
    assert (feeds / "atom.xml").is_file()
    made = {path.relative_to(feeds): path.read_bytes() for path in feeds.rglob("*") if path.is_file()}
    again = tmp_path / "feeds"
    assert {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()} == made
