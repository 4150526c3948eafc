"""Nothing changed since the last run: told from the state of files alone, at about the cost of a start of Python.

After a build a *stamp* remembers, for this command line, the state of everything that was read and written, and when
the clock alone will change something. A file counts as unchanged while the system says so (size, times, inode: nobody
can set the time of change of an inode); anything else, and the build itself looks at the content.

Imports next to nothing, and must stay so: pathlib alone would cost as much as all the rest.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_FORM = "handbill stamp 1"
GRAIN = 20_000_000
"""Nanoseconds: two changes of a file within one tick of a file system's clock look alike."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def said_last(argv: list[str]) -> str | None:
    """What a run of *argv* that changes nothing has to say, None when it must be run to know."""
    if any(word.startswith("--now") for word in argv):
        return None
    if argv[0] == "run" and os.environ.get("HANDBILL_PING_URL"):
        return None  # each good run is to ask that address
    try:
        with open(_place(argv), encoding="utf-8", errors="surrogateescape") as file:
            form, until, said, *states = file.read().split("\n")
    except (OSError, ValueError):
        return None
    if form != _FORM or (until and time.time() >= int(until)):
        return None
    return said if all(state_of(line.split(" ", 1)[-1]) == line for line in states if line) else None


def remember(argv: list[str], paths: list[str], until: int | None, said: str, still: Callable[[], bool]) -> None:
    """Let the next run of *argv* know that nothing changes until the second *until* while *paths* stay as they are.

    *still* tells whether what was read is what stands there now. Not more than a convenience: where the stamp cannot
    be kept, the next run does its work again.
    """
    if any(word.startswith("--now") for word in argv):
        return
    watched = sorted({*paths, *program()})
    states = [state_of(path) for path in watched]
    newest = max((int(marks[2]) for state in states if len(marks := state.split(" ")[0].split(":")) == 4), default=0)
    time.sleep(max(0, min(GRAIN, newest + GRAIN - time.time_ns())) / 1e9)
    if any("\n" in path for path in watched) or not still() or states != [state_of(path) for path in watched]:
        return
    place = _place(argv)
    text = "\n".join([_FORM, "" if until is None else str(until), said, *states])
    try:
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        with open(place + "~", "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        os.replace(place + "~", place)
    except OSError:
        pass


def files_below(folder: str) -> list[str]:
    """*folder*, its folders and its files: for a folder of the user's, in which anything may be added."""
    found = [folder]
    for place, folders, files in os.walk(folder):
        found += (os.path.join(place, name) for name in (*folders, *files))
    return found


def program() -> list[str]:
    """What this program consists of: another version, or another library, may make something else of the same file."""
    own = [path for path in files_below(_PACKAGE) if path.endswith((".py", ".html", ".txt", ".css", ".js"))]
    return own + [os.path.abspath(path) for path in sys.path if path]


def state_of(path: str) -> str:
    """What the system says of *path*: while it says the same, what is there is the same."""
    try:
        found = os.stat(path)
    except OSError:
        return f"- {path}"
    if os.path.isdir(path):
        return f"{found.st_ino}:{found.st_mtime_ns} {path}"
    return f"{found.st_ino}:{found.st_size}:{found.st_ctime_ns}:{found.st_mtime_ns} {path}"


def _place(argv: list[str]) -> str:
    """Where the stamp for *argv* is kept: in the private folder."""
    given = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    for word, following in zip(argv, [*argv[1:], ""], strict=True):
        if word == "--state":
            given = following
        elif word.startswith("--state="):
            given = word.removeprefix("--state=")
    if not given:
        home = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
        given = os.path.join(home, "handbill")
    # FNV-1a with 64 bits: it names a file and guards nothing; to import a better one costs more than all the rest.
    mark = 0xCBF29CE484222325
    for byte in "\0".join([os.getcwd(), *argv]).encode(errors="surrogateescape"):
        mark = (mark ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return os.path.join(given, f"stamp-{mark:016x}")
