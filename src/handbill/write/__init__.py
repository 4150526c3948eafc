"""The one place that writes below feeds/: each file whole, and only when its bytes change.

A file is written beside its place, brought to disk, and renamed over the old one (POSIX rename is atomic), so nobody
ever reads half a file and a kill at any moment leaves the old one or the new one.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic, sleep

from handbill.failure import FailureError

_ENDING = ".handbill~"
"""Of the name of a file that is not yet in its place."""


class WriteError(FailureError):
    """The disk or the system said no; the message tells where, and what stayed as it was."""


class BusyError(FailureError):
    """Another run is writing to the same folder."""


@contextlib.contextmanager
def locked(out: Path, patience: float) -> Iterator[None]:
    """Keep every other run from writing to *out*, which is made if it is missing.

    Waits for *patience* seconds. The lock is the system's own (flock), so that of a dead process is gone with it.
    Raises BusyError and WriteError.
    """
    deadline = monotonic() + patience
    with _told(out):
        while True:
            out.mkdir(parents=True, exist_ok=True)
            handle = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
            if _lock(handle) and _is_still(handle, out):
                break
            os.close(handle)
            if monotonic() >= deadline:
                raise BusyError(f"another run is writing to {out}")
            sleep(0.05)
    try:
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(handle: int, out: Path) -> bool:
    """Whether the locked folder is the one at *out*: a first build puts a new one in the place of an empty one."""
    try:
        return os.path.samestat(os.fstat(handle), out.stat())
    except FileNotFoundError:
        return False


def text_of(out: Path, name: str) -> str | None:
    """The text of the file *name* in *out*, None if there is none. Raises WriteError if it cannot be read.

    Bytes that are not UTF-8 come as replacement characters: whoever reads the text says what is wrong with it.
    """
    with _told(out / name):
        try:
            return (out / name).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None


def missing(out: Path, paths: Iterable[str]) -> list[str]:
    """Those of *paths* at which *out* has no file."""
    return [path for path in paths if not (out / path).is_file()]


def replace_files(out: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Bring *files*, as paths below *out* and their bytes, into place in the order given; tell which have changed.

    Files that are new come first, whatever the order: nothing links to them yet. A folder with nothing in it gets all
    of them at once. Raises WriteError; then each file is the old one or the new one.
    """
    files = list(files)
    with _told(out):
        if not any(out.iterdir()):
            return _all_at_once(out, files)
        _sweep(out)
        new = [(path, data) for path, data in files if not (out / path).exists()]
        old = [(path, data) for path, data in files if (out / path).exists() and (out / path).read_bytes() != data]
        for path, data in new + old:
            _put(out / path, data)
        return [path for path, _ in new + old]


def put_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Put *files* into a *folder* of the user's, each whole, whatever else is in it. Raises WriteError."""
    with _told(folder):
        for path, data in files:
            _put(folder / path, data)


def _all_at_once(out: Path, files: list[tuple[str, bytes]]) -> list[str]:
    """Fill a folder beside the empty *out* and put it in its place, so that no link dangles meanwhile."""
    folder = out.resolve()
    beside = folder.with_name(f".{folder.name}{_ENDING}")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        for path, data in files:
            _put(beside / path, data)
        shutil.copymode(folder, beside)
        beside.rename(folder)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        for path, data in files:  # a mount point cannot be replaced: then one file after the other
            _put(out / path, data)
    _sync_folder(folder.parent)
    return [path for path, _ in files]


def _put(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}{_ENDING}")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(out: Path) -> None:
    """Remove what a killed run left beside its place."""
    for left in out.rglob(f".*{_ENDING}"):
        left.unlink()


@contextlib.contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or place
        raise WriteError(
            f"{where}: {(error.strerror or str(error)).lower()}; what is published stayed whole"
        ) from error
