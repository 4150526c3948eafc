"""What the README says is so."""

import re
from pathlib import Path

from publication import build

from handbill.cli import COMMANDS, STATUSES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_exit_statuses_are_the_real_ones() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", README, re.MULTILINE)
    assert {int(status): meaning for status, meaning in rows} == STATUSES


def test_its_example_is_built(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```toml\n(.+?)^```$", README, re.MULTILINE | re.DOTALL)
    assert "Tide tables for 2026" in (build(tmp_path, example) / "index.html").read_text(encoding="utf-8")


def test_its_commands_and_files_exist() -> None:
    assert set(re.findall(r"bin/handbill (\w+)", README)) <= COMMANDS.keys()
    files = re.findall(r"\]\(([^):]+)\)|(?:src|srcset)=\"([^\"]+)\"|^(scripts/\w+)", README, re.MULTILINE)
    named = {name for names in files for name in names if name}
    assert len(named) > 8
    assert {name for name in named if not (ROOT / name).exists()} - {"feeds/"} == set()
