"""From bytes to text: what is UTF-8 passes, what is not is told with its line and what to do."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.findings import SAVE_AS_UTF8, Finding, Place
from handbill.read.decode import decode

FILE = '[site]\ntitle = "Café “Quay”"\nurl = "https://example.org/"\n'


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1
    return findings[0]


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0ÂÃâðÅÄÐÑ\ufeff"), min_size=1))
def test_utf8_passes_with_and_without_a_mark(text: str) -> None:
    if not text.strip(" \t\r\n"):
        return
    assert decode(text.encode()) == (text, [])
    assert decode(codecs.BOM_UTF8 + text.encode()) == (text, [])


@given(st.binary())
def test_any_bytes_give_a_text_or_a_finding(data: bytes) -> None:
    text, findings = decode(data)
    assert text is not None or findings
    if any(each.is_error for each in findings):
        return
    assert text == data.decode("utf-8-sig")


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_understood_and_named(name: str) -> None:
    text, findings = decode(FILE.encode(name))
    finding = only(findings)
    assert text == FILE
    assert (finding.code, finding.fix) == ("E001", (SAVE_AS_UTF8,))
    assert name[:6].upper() in finding.message
    assert "UTF-8" in finding.hint


def test_a_broken_utf16_file_is_not_repaired() -> None:
    text, findings = decode(FILE.encode("utf-16") + b"\x00")
    assert text is not None
    assert only(findings).fix == ()


def test_windows_1252_names_the_first_stray_byte() -> None:
    text, findings = decode(FILE.encode("cp1252"))
    finding = only(findings)
    assert text == FILE
    assert finding.code == "E001"
    assert finding.place == Place(2, 13, 14)
    assert "probably “é”" in finding.message
    assert finding.fix == (SAVE_AS_UTF8,)


def test_another_alphabet_is_not_taken_for_latin() -> None:
    _, findings = decode('title = "Гавань"\n'.encode("cp1251"))
    assert only(findings).fix == ()


def test_single_lines_pasted_in_another_encoding() -> None:
    data = FILE.encode() + b'author = "Jos\xe9"\nlogo = ""\nintro = "\x93so\x94"\n'
    text, findings = decode(data)
    assert text is not None
    assert "José" in text
    assert [(each.code, each.place) for each in findings] == [("E002", Place(4, 14, 15)), ("E002", Place(6, 10, 11))]


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 docx", b"{\\rtf1 x}", b"%PDF-1.7", b"\x00\x01\x02\xff\xfe\x00\x00\x03" * 4]
)
def test_files_of_other_programs(data: bytes) -> None:
    text, findings = decode(data)
    assert text is None
    assert only(findings).code == "E003"


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", codecs.BOM_UTF8])
def test_an_empty_file(data: bytes) -> None:
    text, findings = decode(data)
    assert text is None
    assert only(findings).code == "E004"


def test_garbled_text_is_noticed_once_a_line() -> None:
    text = 'title = "The portâ€™s cafÃ© in MÃ¼nchen"\nsummary = "fine"\nauthor = "JosÃ©"\n'
    found, findings = decode(text.encode())
    assert found == text
    assert [(each.code, each.place and each.place.line, each.hint) for each in findings] == [
        ("W001", 1, "write “’”"),
        ("W001", 3, "write “é”"),
    ]


def test_a_file_garbled_as_a_whole_is_one_finding() -> None:
    finding = only(decode(("title = “cafÃ©”\n" * 40).encode())[1])
    assert "39 more lines" in finding.message


@pytest.mark.parametrize("text", ["“IRMÃ”", "Ångström", "Ñandú", "«Â»", "â la carte", "Ð", "naïve – ÃO"])
def test_unusual_letters_are_no_garbled_text(text: str) -> None:
    assert decode(text.encode()) == (text, [])
