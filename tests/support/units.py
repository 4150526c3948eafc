"""What ``scripts/operate`` tells systemd: names with their values, and what its filters let pass."""

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from newcomer import ROOT

SHIPPED = ROOT / "scripts" / "operate"
PROGRAM = "/opt/handbill/bin/handbill"
PUBLICATION = "/srv/harbour"


def settings(file: Path) -> dict[str, list[str]]:
    """All values of each name in the unit *file*."""
    found = defaultdict(list)
    for name, value in re.findall(r"^(\w+)=(.*)$", file.read_text(), re.MULTILINE):
        found[name].append(value)
    return found


def filled(folder: Path, program: Path, publication: Path) -> Path:
    """Copies of the units in *folder*, filled in as an operator would; that of the service."""
    for name in ("handbill.service", "handbill.timer"):
        text = (SHIPPED / name).read_text().replace(PROGRAM, str(program)).replace(PUBLICATION, str(publication))
        (folder / name).write_text(text)
    return folder / "handbill.service"


def let_pass(filters: list[str]) -> set[str]:
    """The system calls that *filters*, the values of ``SystemCallFilter``, let pass."""
    passing: set[str] = set()
    for line in filters:
        named = {call for word in line.removeprefix("~").split() for call in _calls(word)}
        passing = passing - named if line.startswith("~") else passing | named
    return passing


def _calls(word: str) -> Iterator[str]:
    if not word.startswith("@"):
        yield word
        return
    told = subprocess.run(["systemd-analyze", "syscall-filter", word], capture_output=True, text=True, check=True)
    for line in told.stdout.splitlines()[1:]:
        if (inner := line.strip()) and not inner.startswith("#"):
            yield from _calls(inner)
