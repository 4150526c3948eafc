"""taplo, on which Even Better TOML in Visual Studio Code stands, checks files by the schema."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from corpus import files
from handbill.codes import all_codes, explained

ROOT = Path(__file__).parents[2]
TAPLO = ROOT / "tests" / "npm" / "node_modules" / "@taplo" / "cli" / "dist" / "cli.js"
SITE = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/harbour/"\n\n'
ENTRY = '[[entry]]\ndate = 2026-03-31\ntitle = "Tide tables"\n'

pytestmark = pytest.mark.needs("node", "taplo")


def refused(folder: Path, files: Mapping[str, str], *options: str) -> dict[str, str]:
    """What taplo says of those of the *files* that it refuses, by their names."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    command = ["node", str(TAPLO), "lint", "--colors", "never", "--no-auto-config", *options, *files]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (answer.returncode == 0) == ("invalid file" not in answer.stderr)
    told: dict[str, str] = {}
    for part in answer.stderr.split("\nerror: ")[1:]:
        place = re.search(r"┌─ \S*?([^/\s]+\.toml):", part)
        assert place, part
        told[place[1]] = told.get(place[1], "") + part.split("\n")[0]
    return told


def by_schema(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    """The same by the committed schema."""
    return refused(folder, files, "--schema", (ROOT / "entries.schema.json").as_uri())


def right_files() -> Iterator[tuple[str, str]]:
    """Files that `check` accepts."""
    yield "real.toml", (ROOT / "entries.toml").read_text(encoding="utf-8")
    for path in files("right"):
        yield path.name, path.read_bytes().decode("utf-8-sig")
    for code in all_codes():
        for number, example in enumerate(explained(code).examples):
            if example.kind == "right" and example.saved in ("", "whole"):
                text = re.sub(r"<U\+([0-9A-F]+)>", lambda match: chr(int(match[1], 16)), example.text)
                whole = example.saved or "[site]" in text
                yield f"{code}-{number}.toml", text if whole else SITE + text


def test_it_refuses_no_right_file(tmp_path: Path) -> None:
    right = dict(right_files())
    assert len(right) > 100
    told = by_schema(tmp_path, right)
    # TOML allows blanks inside [[ ]], and taplo 0.9 does not read them: that is no matter of the schema.
    assert set(told.pop("headings-with-spaces-and-remarks.toml").split("invalid TOML")) == {""}
    assert told == {}


WRONG = {
    "misspelt.toml": (SITE + ENTRY + 'titel = "x"\n', "'titel' was unexpected"),
    "table.toml": (SITE + ENTRY + "[sites]\n", "'sites' was unexpected"),
    "no-site.toml": (ENTRY, '"site" is a required property'),
    "no-title.toml": (SITE + "[[entry]]\ndate = 2026-03-31\n", '"title" is a required property'),
    "date.toml": (SITE + ENTRY.replace("2026-03-31", '"31.3.2026"'), "does not match"),
    "kind.toml": (SITE + ENTRY + "kind = 5\n", 'is not of type "string"'),
    "flag.toml": (SITE + ENTRY + 'draft = "yes"\n', 'is not of type "boolean"'),
    "list.toml": (SITE + ENTRY + 'authors = "A. Author"\n', 'is not of type "array"'),
    "address.toml": (SITE + ENTRY + 'url = "example.org"\n', "does not match"),
    "number.toml": (SITE.replace("\n\n", "\nentries-in-feed = 0\n\n") + ENTRY, "less than the minimum"),
    "day.toml": (SITE + '[digest]\nsend-on = "first someday"\n', "is not valid under any"),
    "enclosure.toml": (SITE + ENTRY + '[[entry.enclosure]]\nurl = "https://example.org/a"\n', '"type" is a required'),
}


def test_it_refuses_what_is_wrong(tmp_path: Path) -> None:
    told = by_schema(tmp_path, {name: text for name, (text, _) in WRONG.items()})
    assert {name: words in told.get(name, "") for name, (_, words) in WRONG.items()} == dict.fromkeys(WRONG, True)


def test_the_line_in_the_file_is_enough(tmp_path: Path) -> None:
    """The way it comes to an editor: ``#:schema`` names the file beside it."""
    (tmp_path / "entries.schema.json").write_bytes((ROOT / "entries.schema.json").read_bytes())
    line = "#:schema ./entries.schema.json\n"
    assert (ROOT / "entries.toml").read_text(encoding="utf-8").startswith(line)
    assert list(refused(tmp_path, {"a.toml": line + SITE + ENTRY, "b.toml": line + SITE + "x = 1\n"})) == ["b.toml"]
