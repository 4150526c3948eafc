"""The editor's own file, when they asked for repairs: the only file of theirs that is ever written."""

import contextlib
import os
import shutil
from pathlib import Path
from tempfile import mkstemp

from handbill.write import WriteError


def replace_editors_file(path: Path, before: bytes, after: bytes) -> None:
    """Put *after* in the place of *before* as the contents of *path*, whole, with the same mode and owner.

    A link stays a link to the same file. Raises WriteError, and leaves the file as it is, where the disk or the system
    says no, and where it no longer holds *before*: somebody is writing in it.
    """
    place = path.resolve()
    try:
        if not os.access(place, os.W_OK):
            raise PermissionError(0, "it may not be written to")
        handle, name = mkstemp(prefix=f".{place.name}.", dir=place.parent)
        beside = Path(name)
        try:
            _fill(handle, place, beside, after)
            if place.read_bytes() != before:
                raise WriteError(f"{path}: it was changed in the meantime, and is left as it is; run this again")
            beside.replace(place)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise WriteError(f"{path}: not repaired, {(error.strerror or str(error)).lower()}; it is as it was") from error


def _fill(handle: int, place: Path, beside: Path, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        shutil.copystat(place, beside)
        as_before = place.stat()
        with contextlib.suppress(PermissionError):  # the owner can be kept by root alone
            os.fchown(file.fileno(), as_before.st_uid, as_before.st_gid)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
