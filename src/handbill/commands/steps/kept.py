"""What served files were made from, kept in the private folder, so that only what may have changed is made again.

A file is taken as current only when all that it depends on is the same, the program, the templates and the time zone
too, and the system says that it is still the very file that was compared with the bytes made then. In any doubt it is
made again: to lose this memory costs time alone.
"""

import contextlib
import json
import os
import time
import zoneinfo
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from handbill.commands.steps.unchanged import GRAIN, program, state_of
from handbill.render.output import Output

NAME = "made.json"
"""Of the file in the private folder."""


class Kept:
    """What the files below *out* were made from last time, as the private folder *state* has it."""

    def __init__(self, state: Path, out: Path, own: Mapping[str, str], timezone: str) -> None:
        """Read what there is for the templates *own* and *timezone*; what cannot be read is as good as nothing."""
        self._place, self._out = state / NAME, out.absolute()
        watched = [*program(), *zone_files(timezone)]
        self._basis = _mark([[state_of(path) for path in watched], sorted(own.items())])
        self._now: dict[str, str] = {}
        self._before: dict[str, list[str]] = {}
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            read = json.loads(self._place.read_bytes())
            if read["basis"] == self._basis:
                self._before = dict(read["made"])

    def is_current(self, output: Output) -> bool:
        """Whether the file of *output* is there as it would be made now."""
        if output.depends is None:
            return False
        self._now[output.path] = _mark(output.depends)
        return self._before.get(output.path) == [self._now[output.path], self._state(output.path)]

    def keep(self, made: Iterable[tuple[str, bytes]]) -> None:
        """Remember all outputs that were asked for: those *made*, by path and bytes, are in place, others current."""
        fresh = {path: data for path, data in made if path in self._now}
        kept = {path: self._before[path] for path in self._now.keys() - fresh.keys()}
        with contextlib.suppress(OSError):
            # A file that is changed after this has another state, so what is compared now is what has this one.
            newest = max(((self._out / path).stat().st_ctime_ns for path in fresh), default=0)
            time.sleep(max(0, min(GRAIN, newest + GRAIN - time.time_ns())) / 1e9)
            for path, data in fresh.items():
                state = self._state(path)
                if (self._out / path).read_bytes() == data:
                    kept[path] = [self._now[path], state]
            if kept != self._before:
                self._write(kept)

    def _write(self, kept: dict[str, list[str]]) -> None:
        self._place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._place.with_name(f"{NAME}~")
        beside.write_text(json.dumps({"basis": self._basis, "made": kept}), encoding="utf-8")
        beside.replace(self._place)

    def _state(self, path: str) -> str:
        return state_of(os.fspath(self._out / path))


def zone_files(timezone: str) -> list[str]:
    """Where the system may keep its rules of *timezone*, which governments change; Python's own come with it."""
    return [os.fspath(Path(folder) / timezone) for folder in zoneinfo.TZPATH]


def _mark(value: object) -> str:
    """A hash of *value* by its `repr`, which tells all of what the facts consist of."""
    return sha256(repr(value).encode(errors="surrogatepass")).hexdigest()
