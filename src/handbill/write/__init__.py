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

_TOGETHER = 32
"""How many files are brought to disk side by side."""


class WriteError(FailureError):
    """The disk or the system said no; the message tells where, and what stayed as it was."""


class MisplacedError(WriteError):
    """Something of another kind stands in the way: no passing failure, a person must move it."""

    status = 2


class BusyError(FailureError):
    """Another run is writing to the same folder."""


class Folder:
    """The served folder *out*, while nobody else writes to it."""

    def __init__(self, out: Path, handle: int) -> None:
        """Keep *handle*, which holds the lock."""
        self.out = out
        self._handles = [handle]

    def replace(self, files: Iterable[tuple[str, bytes]]) -> list[str]:
        """Bring *files*, as paths below the folder and their bytes, into place in the order given; tell which changed.

        Files that are new come first, whatever the order: nothing links to them yet. An empty folder gets all of them
        at once. Raises WriteError; then each file is the old one or the new one.
        """
        files = list(files)
        with _told(self.out):
            if not any(self.out.iterdir()) and self._fill(files):
                return [path for path, _ in files]
            _sweep(self.out)
            due = _due(self.out, files)
            _put_all(self.out, due)
            return [path for path, _ in due]

    def remove(self, names: Iterable[str]) -> None:
        """Take away the files of these *names*, which nothing that is served links to any more. Raises WriteError."""
        for name in names:
            with _told(self.out / name):
                (self.out / name).unlink(missing_ok=True)

    def _fill(self, files: list[tuple[str, bytes]]) -> bool:
        """Fill a folder beside the empty one and put it in its place, so that no link dangles meanwhile.

        False where that cannot be, such as at a mount point.
        """
        folder = self.out.resolve()
        beside = folder.with_name(f".{folder.name}{_ENDING}")
        shutil.rmtree(beside, ignore_errors=True)
        try:
            beside.mkdir()
            self._handles.append(_opened(beside))
            fcntl.flock(self._handles[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
            _put_all(beside, files)
            shutil.copymode(folder, beside)
            beside.rename(folder)
        except OSError:
            return False
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        _sync_folder(folder.parent)
        return True

    def close(self) -> None:
        """Let others write."""
        while self._handles:
            os.close(self._handles.pop())


@contextlib.contextmanager
def locked(out: Path, patience: float) -> Iterator[Folder]:
    """Keep every other run from writing to *out*, which is made if it is missing.

    Waits for *patience* seconds. The lock is the system's own (flock), so that of a dead process is gone with it.
    Raises BusyError and WriteError.
    """
    deadline = monotonic() + patience
    with _told(out):
        while True:
            out.mkdir(parents=True, exist_ok=True)
            handle = _opened(out)
            if _lock(handle) and _is_still(handle, out):
                break
            os.close(handle)
            if monotonic() >= deadline:
                raise BusyError(f"another run is writing to {out}")
            sleep(0.05)
    with contextlib.closing(Folder(out, handle)) as folder:
        yield folder


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


def standing(out: Path) -> frozenset[str]:
    """The paths below *out* at which files stand. Raises WriteError."""
    with _told(out):
        return frozenset(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def whole(out: Path) -> frozenset[str]:
    """Those `standing` below *out* without XML documents that are cut off or overwritten. Raises WriteError."""
    with _told(out):
        return frozenset(path for path in standing(out) if not path.endswith(".xml") or _ends_as_xml(out / path))


def _ends_as_xml(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 16))
        return file.read().rstrip().endswith((b"</feed>", b"</rss>"))


def put_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Put *files* into a *folder* of the user's, each whole, whatever else is in it. Raises WriteError."""
    with _told(folder):
        _put_all(folder, _due(folder, list(files)))


def _due(folder: Path, files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Those of *files* that *folder* does not have as they are; first those that it does not have at all."""
    new = [(path, data) for path, data in files if not (folder / path).exists()]
    old = [(path, data) for path, data in files if (folder / path).exists() and (folder / path).read_bytes() != data]
    return new + old


def _put_all(folder: Path, files: list[tuple[str, bytes]]) -> None:
    """Put *files* into *folder* in their order; the last one not before all others are on disk."""
    for rank in (files[:-1], files[-1:]):
        for start in range(0, len(rank), _TOGETHER):
            _put_together([(folder / path, data) for path, data in rank[start : start + _TOGETHER]])
        for parent in sorted({(folder / path).parent for path, _ in rank}):
            with _told(parent):
                _sync_folder(parent)


def _put_together(files: list[tuple[Path, bytes]]) -> None:
    """Bring the bytes of *files* to disk side by side, which costs little more than for one; then rename in order."""
    beside = [place.with_name(f".{place.name}{_ENDING}") for place, _ in files]
    try:
        if len(files) == 1:
            _write(beside[0], files[0])
        else:
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(_TOGETHER) as pool:
                list(pool.map(_write, beside, files))
        for temporary, (place, _) in zip(beside, files, strict=True):
            with _told(place):
                temporary.replace(place)
    except WriteError:
        for temporary in beside:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise


def _write(temporary: Path, meant: tuple[Path, bytes]) -> None:
    place, data = meant
    with _told(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync_folder(folder: Path) -> None:
    handle = _opened(folder)
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
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        meant = "file" if isinstance(error, IsADirectoryError) else "folder"
        where = error.filename or place
        raise MisplacedError(
            f"{where}: something else stands where a {meant} must be; move it away, or name another place with --out; "
            "what is published stayed whole"
        ) from error
    except OSError as error:
        where = error.filename or place
        raise WriteError(
            f"{where}: {(error.strerror or str(error)).lower()}; what is published stayed whole"
        ) from error
