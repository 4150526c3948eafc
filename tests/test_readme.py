"""What the README says is so."""

import re
from pathlib import Path

from publication import build

from handbill.cli import COMMANDS, STATUSES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_exit_statuses_are_the_real_ones() -> None:
    """What is said with each is provoked in ``tests/clients/test_statuses.py``."""
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", README, re.MULTILINE)
    assert {int(status): meaning for status, meaning in rows} == STATUSES


def test_every_page_and_folder_of_ready_files_is_linked() -> None:
    pages = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")]
    folders = [f"{path.relative_to(ROOT).as_posix()}/" for path in (ROOT / "scripts").iterdir() if path.is_dir()]
    assert len(pages) > 6
    assert [name for name in [*pages, *folders] if f"]({name})" not in README and "__" not in name] == []


def test_its_example_is_built(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```toml\n(.+?)^```$", README, re.MULTILINE | re.DOTALL)
    assert "Tide tables for 2026" in (build(tmp_path, example) / "index.html").read_text(encoding="utf-8")


def test_its_commands_and_files_exist() -> None:
    assert set(re.findall(r"bin/handbill (\w+)", README)) <= COMMANDS.keys()
    files = re.findall(r"\]\(([^):]+)\)|(?:src|srcset)=\"([^\"]+)\"|^(scripts/\w+)", README, re.MULTILINE)
    named = {name for names in files for name in names if name}
    assert len(named) > 8
    assert {name for name in (each.partition("#")[0] for each in named) if not (ROOT / name).exists()} - {
        "feeds/"
    } == set()
