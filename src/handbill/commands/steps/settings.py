"""The options that every command takes, and what follows from them."""

import os
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from hashlib import blake2s
from pathlib import Path

from handbill.failure import FailureError

LEDGER = "ledger.jsonl"
"""Where the served folder remembers what was published."""


class SettingsError(FailureError):
    """Options or environment that make no sense; the message says what to write instead."""

    status = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are: the editor's *file*, the folder *out* that is served, the private *state* folder.

    *pretended* is the moment to pretend it is, as it was written (None: the clock's).
    """

    file: Path
    out: Path
    state: Path
    pretended: str | None

    @property
    def templates(self) -> Path:
        """The folder of the user's own templates."""
        return self.file.parent / "templates"

    def now(self, zone: tzinfo) -> datetime:
        """The moment of this run, in whole seconds; one without offset is meant in *zone*. Raises SettingsError."""
        if self.pretended is None:
            return datetime.now(UTC).replace(microsecond=0)
        try:
            moment = datetime.fromisoformat(self.pretended)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=zone)
            return moment.astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            raise SettingsError(
                f"--now {self.pretended}: not a moment; write it like 2026-03-31 or 2026-03-31T08:00"
            ) from None


def common_options(parser: ArgumentParser) -> None:
    """Add the options that every command takes to *parser*."""
    group = parser.add_argument_group("options of every command")
    group.add_argument("-f", "--file", default="entries.toml", metavar="PATH", help="the file (default: entries.toml)")
    group.add_argument("--out", metavar="DIR", help="the served folder (default: feeds beside the file)")
    group.add_argument("--state", metavar="DIR", help="the private folder (default: $STATE_DIRECTORY, or one for this"
                       " publication in the XDG state folder)")  # fmt: skip
    group.add_argument("--now", metavar="MOMENT", help="pretend it is that time, like 2026-03-31T08:00")


def settings_from(arguments: Namespace) -> Settings:
    """The settings that *arguments* and the environment give."""
    file = Path(arguments.file)
    out = Path(arguments.out) if arguments.out else file.parent / "feeds"
    return Settings(file, out, Path(arguments.state) if arguments.state else _state(out), arguments.now)


def _state(out: Path) -> Path:
    """The private folder of the publication whose served folder is *out*."""
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])  # systemd names several folders so
    home = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    place = out.absolute().resolve()
    mark = blake2s(os.fsencode(place), digest_size=4).hexdigest()
    return Path(home).expanduser() / "handbill" / f"{place.parent.name or 'root'}-{mark}"


def on_terminal() -> bool:
    """Whether a person is watching; cron is not."""
    return sys.stdout is not None and sys.stdout.isatty()
