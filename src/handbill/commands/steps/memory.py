"""What cron's command remembers of its runs: when the last one was and what came of it, and what it has complained of.

A file of its own beside the private state: it can be read and written when that cannot be used, and while the disk is
full, since it is written over in place. One that is damaged is as good as none.
"""

import json
import os
import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2s
from pathlib import Path
from typing import Any, TextIO

from handbill.dates import parse_rfc3339, rfc3339
from handbill.masking import masked

FILE = "last-run.json"

AGAIN = timedelta(days=1)
"""After so long, what is still wrong is told again."""

_SIZE = 4096
_MOST = 24
"""So many complaints are remembered: what is longer than all that is not read by anybody."""


@dataclass(frozen=True, slots=True)
class Last:
    """A run: its *moment*, its exit *status*, and *words* about what it did or why it failed."""

    moment: datetime
    status: int
    words: str


@dataclass(slots=True)
class Memory:
    """What the runs from the folder *state* have told, as of the moment *now*; *last* did something or failed."""

    state: Path
    now: datetime
    last: Last | None = None
    told: dict[str, tuple[str, str]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unheard: bool = False

    def tell(self, text: str) -> None:
        """Tell, in a line, something that was done."""
        self.done.append(text)
        self._print(text, sys.stdout)

    def complain(self, subject: str, text: str, *, passing: bool = False, silent: bool = False) -> bool:
        """Tell *text* about *subject* on standard error, unless it was told less than a day ago; whether it is news.

        What stands is told again as soon as it changes, or comes back after all was `well`. Of a *passing* failure each
        kind is told once a day, however often it comes and goes; numbers in it (times, queue identifiers) make no
        other. With *silent* the caller tells it.
        """
        self.wrong.append(text.strip().split("\n")[0].removeprefix("handbill run: "))
        key, mark = subject, _mark(text)
        if passing:
            mark = _mark(re.sub(r"\w*\d\w*", "#", text))
            key = f"{subject} {mark}"
        before, when = self.told.get(key, ("", ""))
        if before == mark and self._is_recent(when):
            return False
        self.told[key] = (mark, rfc3339(self.now))
        self.keep()  # before it is told: a kill between the two is less bad than a mail every quarter of an hour
        if not silent:
            self._print(text.rstrip("\n"), sys.stderr)
        return True

    def _print(self, text: str, stream: TextIO | None) -> None:
        """Print *text*; where that cannot be (a log on a full disk) the work goes on, and the run ends with 75."""
        try:
            print(text, file=stream, flush=True)
        except OSError:
            self.unheard = True
            if stream is sys.stdout:
                sys.stdout = None

    def well(self, *subjects: str) -> None:
        """What stood about *subjects* (without any: about everything) does so no longer."""
        for key in [key for key in self.told if " " not in key and (not subjects or key in subjects)]:
            del self.told[key]

    def _is_recent(self, when: str) -> bool:
        # What was told by a clock that was far ahead is no reason for silence.
        return abs(self.now - parse_rfc3339(when)) < AGAIN

    def end(self, status: int) -> int:
        """Put down that the run ends with *status*: as the last one, if it did something, failed, or is well again.

        Gives the exit status.
        """
        if status == 0:
            self.well()
        if self.unheard:
            status = status or 75
            self.wrong.append("what was to be printed could not be written")
        if status or self.done or (self.last and self.last.status):
            self.last = Last(self.now, status, masked("; ".join([*self.wrong, *self.done])))
        self.keep()
        return status

    def keep(self) -> None:
        """Put it all down. Not more than a convenience: no run fails for it."""
        newest = sorted(self.told.items(), key=lambda item: item[1][1])[-_MOST:]
        clock = int(time.time())
        told: dict[str, Any] = {"at": rfc3339(self.now), "clock": clock, "told": dict(newest)}
        if self.last:
            told["last"] = [rfc3339(self.last.moment), self.last.status, self.last.words[:500]]
        data = json.dumps(told, ensure_ascii=False).encode(errors="replace").ljust(_SIZE)
        with suppress(OSError):
            self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.state / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(handle, data, 0)
                os.ftruncate(handle, len(data))
                os.utime(handle, (clock, clock))
            finally:
                os.close(handle)


def recall(state: Path, now: datetime) -> Memory:
    """What is remembered in the folder *state*."""
    found = _found(state)
    memory = Memory(state, now)
    with suppress(ValueError, TypeError, AttributeError):
        for key, (mark, when) in found["told"].items() if "told" in found else ():
            parse_rfc3339(when)
            memory.told[str(key)] = (str(mark), when)
        if "last" in found:
            moment, status, words = found["last"]
            memory.last = Last(parse_rfc3339(moment), int(status), str(words))
    return memory


def last_looked(state: Path) -> datetime | None:
    """When cron's command last looked whether there is something to do, also if there was nothing."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        found = _found(state)
        later = int((state / FILE).stat().st_mtime) - int(found["clock"])
        return parse_rfc3339(found["at"]) + timedelta(seconds=later)
    return None


def _found(state: Path) -> Mapping[str, Any]:
    with suppress(OSError, ValueError):
        found = json.loads((state / FILE).read_bytes())
        if isinstance(found, dict):
            return found
    return {}


def _mark(text: str) -> str:
    return blake2s(text.encode(errors="replace"), digest_size=6).hexdigest()
