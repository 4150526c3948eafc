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

_FORM = f"handbill stamp 2 {sys.hexversion:x} {sys.executable}"
GRAIN = 20_000_000
"""Nanoseconds: two changes of a file within one tick of a file system's clock look alike."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_SECRET = ("PASSWORD", "USER", "KEY", "PING")


def said_last(argv: list[str]) -> str | None:
    """What a run of *argv* that changes nothing has to say, None when it must be run to know."""
    words, pretended = _split(argv)
    now = time.time() if pretended is None else _second(pretended)
    try:
        with open(_place(words), encoding="utf-8", errors="surrogateescape") as file:
            form, since, until, said, touched, *states = file.read().split("\n")
        # Before *since*: the clock was ahead when the stamp was made.
        if form != _FORM or now is None or now < int(since) or (until and now >= int(until)):
            return None
    except (OSError, ValueError):
        return None
    if not all(state_of(line.split(" ", 1)[-1]) == line for line in states if line):
        return None
    if argv[0] == "run":
        from handbill.commands.steps.alive import is_heard

        if not is_heard():
            return None
    if touched:
        try:  # noqa: SIM105 - contextlib costs more
            os.utime(touched)  # so that `status` can tell when the last run was
        except OSError:
            pass
    return said


def remember(
    argv: list[str],
    states: dict[str, str],
    since: int,
    until: int | None,
    said: str,
    still: Callable[[], bool],
    touched: str = "",
) -> None:
    """Let the next run of *argv* know that nothing changes from the second *since* until *until* while *states* hold.

    *states* are those of all that was read and written, as `states_of` gives them; *still* tells whether what was read
    is what stands there now; *touched* is the file whose time tells of runs that found nothing to do. Not more than a
    convenience: where the stamp cannot be kept, the next run does its work again.
    """
    words, pretended = _split(argv)
    states = states | states_of([*program(), *_settings_files()])
    newest = max((int(marks[2]) for each in states.values() if len(marks := each.split(" ")[0].split(":")) == 4),
                 default=0)  # fmt: skip
    time.sleep(max(0, min(GRAIN, newest + GRAIN - time.time_ns())) / 1e9)
    if any("\n" in path for path in states) or not still() or states != states_of(list(states)):
        return
    if pretended is not None and _second(pretended) is None:
        return
    place = _place(words)
    lines = [_FORM, str(since), "" if until is None else str(until), said, touched, *states.values()]
    try:
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        with open(place + "~", "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("\n".join(lines))
        os.replace(place + "~", place)
    except OSError:
        pass


def files_below(folder: str) -> list[str]:
    """*folder*, its folders and its files: for a folder of the user's, in which anything may be added."""
    found = [folder]
    for place, folders, files in os.walk(folder):
        found += (os.path.join(place, name) for name in (*folders, *files))
    return found


def states_of(paths: list[str]) -> dict[str, str]:
    """The state of each of *paths*."""
    return {path: state_of(path) for path in paths}


def program() -> list[str]:
    """What this program consists of: another version, or another library, may make something else of the same file."""
    own = [path for path in files_below(_PACKAGE) if path.endswith((".py", ".html", ".txt", ".css", ".js"))]
    return own + [os.path.abspath(path) for path in sys.path if path]


def _settings_files() -> list[str]:
    """The files that the environment names for settings."""
    return [value for name, value in os.environ.items() if name.startswith("HANDBILL_") and name.endswith("_FILE")]


def state_of(path: str) -> str:
    """What the system says of *path*: while it says the same, what is there is the same."""
    try:
        found = os.stat(path)
    except OSError:
        return f"- {path}"
    if found.st_mode & 0o170000 == 0o040000:  # a folder
        return f"{found.st_ino}:{found.st_mtime_ns} {path}"
    return f"{found.st_ino}:{found.st_size}:{found.st_ctime_ns}:{found.st_mtime_ns} {path}"


def _split(argv: list[str]) -> tuple[list[str], str | None]:
    """*argv* without the moment to pretend, and that moment."""
    words, pretended = [], None
    rest = iter(argv)
    for word in rest:
        if word == "--now":
            pretended = next(rest, "")
        elif word.startswith("--now="):
            pretended = word.removeprefix("--now=")
        else:
            words.append(word)
    return words, pretended


def _second(pretended: str) -> float | None:
    """The moment *pretended* in seconds; None for one whose offset only the file tells."""
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(pretended)
        return None if moment.tzinfo is None else moment.timestamp()
    except (ValueError, OverflowError):
        return None


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
    # Other settings, another stamp; of secrets only that they are there.
    settings = [
        name if any(word in name for word in _SECRET) and not name.endswith("_FILE") else f"{name}={value}"
        for name, value in os.environ.items()
        if name.startswith("HANDBILL_")
    ]
    # FNV-1a with 64 bits: it names a file and guards nothing; to import a better one costs more than all the rest.
    mark = 0xCBF29CE484222325
    for byte in "\0".join([os.getcwd(), *argv, "", *sorted(settings)]).encode(errors="surrogateescape"):
        mark = (mark ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return os.path.join(given, f"stamp-{mark:016x}")
