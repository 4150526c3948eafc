"""What a person wrote, and what was meant: one broken field in, its code and its mended form out."""

import pytest

from handbill.read.slips import slips
from handbill.read.slips.draft import draft_of, parsed

CERTAIN: list[tuple[str, str, str]] = [
    # quotation marks
    ('title = "Tide tables', "E101", 'title = "Tide tables"'),
    ('title = Tide tables"', "E101", 'title = "Tide tables"'),
    ("title = “Tide tables”", "E102", 'title = "Tide tables"'),
    ("title = “He said ‘no’”", "E102", 'title = "He said ‘no’"'),
    ('title = “Tide tables"', "E102", 'title = "Tide tables"'),
    ("title = „Tide tables“", "E102", 'title = "Tide tables"'),
    ("title = «\u00a0Tide tables\u00a0»", "E102", 'title = "Tide tables"'),
    ("title = <<Tide>>", "E102", 'title = "Tide"'),
    ("title = ``Tide''", "E102", 'title = "Tide"'),
    ("title = 'Tide tables\"", "E102", 'title = "Tide tables"'),
    ("title = 'The harbour's tide'", "E103", 'title = "The harbour\'s tide"'),
    ('title = ""Tide tables""', "E104", 'title = "Tide tables"'),
    ('title = "Tide tables";', "E123", 'title = "Tide tables"'),
    ('summary = """one\ntwo""', "E105", 'summary = """one\ntwo"""'),
    ("summary = “““one\ntwo”””", "E105", 'summary = """one\ntwo"""'),
    ('content = "one\ntwo"', "E106", 'content = """one\ntwo"""'),
    ('summary = "one\ntwo"', "E106", 'summary = "one two"'),
    ('issued = “2026”', "E102", 'issued = "2026"'),
    ('title "a = b"', "E112", 'title = "a = b"'),
    ('title = "a\u00a0b', "E101", 'title = "a\u00a0b"'),
    ('authors = ["A",\u00a0“B”]', "E126", 'authors = ["A", "B"]'),
    # values without them
    ("title = Tide tables", "E108", 'title = "Tide tables"'),
    ("title = Tide tables # a remark", "E108", 'title = "Tide tables" # a remark'),
    ("url = <https://example.org/>", "E108", 'url = "https://example.org/"'),
    ("date = 5 March 2026", "E301", "date = 2026-03-05"),
    ("date = “2026-03-05”", "E102", "date = 2026-03-05"),
    ("date = 2026-03-05,", "E123", "date = 2026-03-05"),
    ("issued = 2026-03", "E301", 'issued = "2026-03"'),
    ("draft = Yes", "E121", "draft = true"),
    ("draft = off", "E121", "draft = false"),
    # lists
    ('categories = ["a" "b"]', "E111", 'categories = ["a", "b"]'),
    ('categories = ["a", "b"', "E110", 'categories = ["a", "b"]'),
    ('categories = ["a", "b"]]', "E110", 'categories = ["a", "b"]'),
    ('categories = [["a", "b"]', "E110", 'categories = ["a", "b"]'),
    ("categories = a, b", "E110", 'categories = ["a", "b"]'),
    ("categories = (a; b)", "E110", 'categories = ["a", "b"]'),
    ('categories = [“a”，「b」]', "E102", 'categories = ["a","b"]'),
    ('categories = ["a, "b"]', "E101", 'categories = ["a", "b"]'),
    ('categories = [\n  "a"  # one\n  "b"\n]', "E111", 'categories = [\n  "a",  # one\n  "b"\n]'),
    # around the equals sign
    ('title: "Tide"', "E112", 'title = "Tide"'),
    ("title Tide", "E112", 'title = "Tide"'),
    ("- title : Tide", "E112", 'title = "Tide"'),
    ('date = 2026-03-05 title = "Tide"', "E113", 'date = 2026-03-05\ntitle = "Tide"'),
    ('tіtle = "Tide"', "E120", 'title = "Tide"'),
    ('image alt = "Tide"', "E120", 'image-alt = "Tide"'),
    ('\u00a0title\u00a0= "Tide"', "E126", 'title = "Tide"'),
    ('ti\u200btle = "Tide"', "E126", 'title = "Tide"'),
    ('title = "Tide" // of today', "E124", 'title = "Tide"  # of today'),
    ('title = "It\\\'s"', "E107", 'title = "It\'s"'),
]  # fmt: skip

LIKELY: list[tuple[str, str, str | None]] = [
    ("date = 2026-03-05, kind = news", "E113", 'date = 2026-03-05\nkind = "news"'),
    ('title = "The "big" tide"', "E103", "title = 'The \"big\" tide'"),
    ('title = "The ""big"" tide"', "E103", "title = 'The \"big\" tide'"),
    ('title = "Tide" (PDF)', "E123", 'title = "Tide (PDF)"'),
    ('title = "Tide tables\'', "E102", 'title = "Tide tables"'),
    ('title = "Tide # 5', "E101", 'title = "Tide" # 5'),
    ("url = https://example.org/#top", "E108", 'url = "https://example.org/#top"'),
    ('note = "C:\\Users\\x"', "E107", "note = 'C:\\Users\\x'"),
    ('note = "a \\d \\n"', "E107", 'note = "a \\\\d \\n"'),
    ("date = 2O26-03-05", "E301", "date = 2026-03-05"),
    ("date = 5/3/26", "E303", None),
    ("date = 2026-02-30", "E302", None),
    ("date = 2026-03-05T25:00:00", "E305", None),
    ("date = tomorrow", "E306", None),
    ("date = soon", "E307", None),
    ("url =", "E109", None),
    ("url = n/a", "E109", None),
    ("draft = perhaps", "E121", None),
    ('content = """\nnever closed', "E105", 'content = """\nnever closed\n"""'),
    ('enclosure = {url: "a", type: "b"}', "E132", 'enclosure = {url = "a", type = "b"}'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "meant"), CERTAIN)
def test_what_was_certainly_meant(text: str, code: str, meant: str) -> None:
    draft = draft_of(text, "entry")
    assert draft
    assert parsed(text) is None
    found, mended = slips(draft)
    assert found[0].code == code
    assert all(slip.certain for slip in found)
    assert mended == meant
    assert parsed(mended)


@pytest.mark.parametrize(("text", "code", "meant"), LIKELY)
def test_what_was_probably_meant_is_said_and_not_done(text: str, code: str, meant: str | None) -> None:
    draft = draft_of(text, "entry")
    assert draft
    found, mended = slips(draft)
    assert found[0].code == code
    assert not all(slip.certain for slip in found)
    assert mended == meant


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("date = 3/5/2026", "write `date = 2026-03-05` for 5 March 2026 or `date = 2026-05-03` for 3 May 2026"),
        ('title = "A "b" c"', 'write `title = \'A "b" c\'` or `title = "A “b” c"`'),
        ("length = 12 MB", "write the exact number of bytes, which is about 12000000"),
    ],
)
def test_hints_name_every_way(text: str, hint: str) -> None:
    draft = draft_of(text, "entry.enclosure" if text.startswith("length") else "entry")
    assert draft
    assert slips(draft)[0][0].hint == hint


@pytest.mark.parametrize(("day_first", "first"), [(True, "2026-05-03"), (False, "2026-03-05"), (None, "2026-03-05")])
def test_the_order_of_readings_follows_the_editors_language(day_first: bool | None, first: str) -> None:
    draft = draft_of("date = 3/5/2026", "entry", day_first)
    assert draft
    assert slips(draft)[0][0].hint.startswith(f"write `date = {first}`")
