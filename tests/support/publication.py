"""The publication of this checkout, built elsewhere by the command line as a user would."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "entries.toml"

NOW = "2100-01-01T00:00:00Z"
"""So late that every entry's date has come, and every notice has gone."""


def build(folder: Path, text: str | None = None, now: str = NOW) -> Path:
    """Build *text* (without it: ``entries.toml`` as it is) below *folder* at *now*; gives the folder of the feeds.

    Raises AssertionError with the words of the command when it does not end with 0.
    """
    file = folder / "entries.toml"
    file.write_text(FILE.read_text(encoding="utf-8") if text is None else text, encoding="utf-8")
    options = ["-f", str(file), "--out", str(folder / "feeds"), "--state", str(folder / "state"), "--now", now]
    answer = subprocess.run(
        [sys.executable, "-m", "handbill", "build", *options], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return folder / "feeds"


def entries() -> list[dict[str, Any]]:
    """What `build` publishes of ``entries.toml``, as any TOML reader sees it, in the order of the file."""
    written: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["entry"]
    return [entry for entry in written if not entry.get("draft") and not {"expires", "withdrawn"} & entry.keys()]
