"""The files that the editor keeps: their bytes as they are."""

from pathlib import Path

from handbill.failure import FailureError


class FileError(FailureError):
    """A file that is needed cannot be read; the message names it and says what to do."""

    status = 2


def contents(path: Path) -> bytes:
    """The bytes of the editor's file at *path*. Raises FileError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileError(
            f"{path}: there is no such file; name yours with -f PATH, or begin one: handbill init"
        ) from None
    except IsADirectoryError:
        raise FileError(f"{path}: this is a folder; name the file in it: -f {path / 'entries.toml'}") from None
    except OSError as error:
        raise FileError(f"{path}: it cannot be read ({(error.strerror or str(error)).lower()})") from error


def templates(folder: Path) -> dict[str, str]:
    """The user's own templates: the text of each file in *folder*, by its name. Raises FileError."""
    found = {}
    try:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{path}: this is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise FileError(f"{folder}: it cannot be read ({(error.strerror or str(error)).lower()})") from error
    return found
