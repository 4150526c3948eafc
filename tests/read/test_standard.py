"""What TOML 1.0 accepts and what it refuses is the standard's to say, and `tomllib`'s.

The standard's own tests are the folder ``tests`` of the repository toml-lang/toml-test; ``TOML_TEST=FOLDER`` names a
copy.
"""

import os
import tomllib
from pathlib import Path

import pytest

from handbill.read import read

FOLDER = Path(os.environ.get("TOML_TEST", "no/folder"))
LISTED = FOLDER / "files-toml-1.0.0"
NAMES = [name for name in LISTED.read_text("utf-8").split() if name.endswith(".toml")] if LISTED.is_file() else []

GOOD = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/"\n'
CASES = {
    "x-a = 1\r\nx-b = 2\r\n": True,
    "x-a = '''a\r\nb'''\r\n": True,
    "x-a = [1,\n# one\n2,\n]\n": True,
    "x-a = {b = 1, c.d = 2}\n": True,
    'x-a = """""two"""""\n': True,
    "x-a = 1979-05-27 07:32:00.5Z\n": True,
    "x-a = 0x_1\n": False,
    "x-a = {b = 1,}\n": False,
    "x-a = {b = 1,\n c = 2}\n": False,
    'x-a = "\\e"\n': False,
    "x-a = 07:32\n": False,
    "x-a = 1979-05-27T07:32\n": False,
    "x-a = 1\rx-b = 2\n": False,
    "x-a = 'a\x7f'\n": False,
    "# a\x00\n": False,
    "é = 1\n": False,
    "x-a.b = 1\nx-a.b.c = 2\n": False,
}
"""Where readers differ, above all those that know TOML 1.1."""


def refused(data: bytes) -> bool:
    """Whether Handbill says that *data* is no TOML: fields that it does not know are another matter."""
    codes = {each.code for each in read(data).findings if each.is_error}
    return any(code.startswith(("E0", "E1", "E3")) for code in codes) and codes != {"E004"}


@pytest.mark.parametrize("text", CASES)
def test_cases_of_our_own(text: str) -> None:
    data = (text + GOOD).encode()
    try:
        tomllib.loads(data.decode())
    except tomllib.TOMLDecodeError:
        assert not CASES[text]
    else:
        assert CASES[text]
    assert refused(data) is not CASES[text]


@pytest.mark.skipif(not NAMES, reason="TOML_TEST names no copy of the standard's tests")
@pytest.mark.parametrize("name", NAMES)
def test_the_standards_own_tests(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    try:
        tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        assert name.startswith("invalid/")
        assert refused(data)
    else:
        assert name.startswith("valid/")
        assert not refused(data)
