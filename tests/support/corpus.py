"""The corpus of files as editors write them: ``tests/corpus/broken/`` with what is said of each, ``right/`` without.

After a change of messages run ``python tests/support/corpus.py``: it writes the expected findings anew. Read the
difference line by line before it is committed: these messages are what an editor gets to see.
"""

from datetime import date
from pathlib import Path

from handbill.read import read
from handbill.show.machines import concise

CORPUS = Path(__file__).parents[1] / "corpus"
TODAY = date(2026, 4, 1)
"""The day on which the files are read."""


def files(folder: str) -> list[Path]:
    """The files of a *folder* of the corpus."""
    return sorted((CORPUS / folder).glob("*.toml"))


def told(path: Path) -> str:
    """What is said of the file at *path*: ``line:column: CODE message; hint``, a line each."""
    lines = concise([("", each) for each in read(path.read_bytes(), TODAY).findings])
    return "".join(line.removeprefix(":") for line in lines.splitlines(keepends=True))


def main() -> None:
    """Write what is said of each broken file beside it."""
    for path in files("broken"):
        path.with_suffix(".expected").write_text(told(path), encoding="utf-8")


if __name__ == "__main__":
    main()
