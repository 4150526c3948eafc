"""The composition: what an issue holds, in what order and in whose words, within its measure."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issues import BASE, issue, item, site
from lxml import etree
from wcwidth import width as columns

from handbill.dates import PartialDate
from handbill.model import Digest, Enclosure
from handbill.published import Issue, Item
from handbill.render import digest
from handbill.render.composed import LEAVE, Composed
from handbill.render.digest import MOST, TooLargeError, compose, subject
from handbill.render.digest_view import Attachment, Place, Section, Shown, sections_of, with_room_for
from handbill.render.templating import TemplateError, environment

TEMPLATES = environment({})


def parsed(html: str) -> etree._Element:
    """*html* as a browser's parser sees it; fails for any error in it."""
    parser = html5lib.HTMLParser(strict=True, tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
    root: etree._Element = parser.parse(html).getroot()
    return root


def text_in(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def words_of(html: str) -> list[str]:
    """The text of each heading, paragraph and item that can be seen, in order."""
    body = parsed(html).find("body")
    assert body is not None
    return [text_in(each).strip().replace("\xa0", " ") for each in body.iter("h1", "h2", "h3", "p", "li")]


def composed(**more: Any) -> Composed:
    return compose(issue(**more), TEMPLATES)


def of(*items: Item, **more: Any) -> Issue:
    return replace(issue(0), new=items, **more)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 6, 75, 500])
@pytest.mark.parametrize(("lang", "mixed"), [("en", False), ("es", False), ("ar", False), ("en", True), ("zh", False)])
def test_every_size_in_every_language(count: int, lang: str, mixed: bool) -> None:
    made = composed(count=count, lang=lang, mixed=mixed)
    assert len(made.html.encode()) <= MOST
    root = parsed(made.html)
    assert root.get("lang") == lang
    assert root.get("dir") == ("rtl" if lang == "ar" else "ltr")
    levels = [int(each.tag[1]) for each in root.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not list(root.iter("img", "script", "link", "video", "audio", "iframe", "form"))
    for line in made.text.split("\n"):
        assert columns(line) <= 76 or "://" in line
    assert made.text.endswith("\n")
    assert "\n\n\n" not in made.text


def test_the_same_value_makes_the_same_bytes() -> None:
    assert composed(count=75, mixed=True) == compose(issue(75, mixed=True), environment({}))


def test_an_entry_says_all_that_is_known_of_it_and_nothing_else() -> None:
    full = item(
        1,
        title="Tides & “currents”",
        url="https://example.org/tides?a=1&b=2",
        kind="fact sheet",
        publisher="Port Authority",
        authors=("A. Quay", "B. Pier", "C. Wharf"),
        issued=PartialDate(2009, 11),
        revised=PartialDate(2010, 11, 4),
        lang="es",
        summary="First.  Second—third.\n\nFourth.",
        enclosure=(
            Enclosure(url="https://example.org/t.pdf", type="application/pdf", length=1234567, title="All of it"),
        ),
    )
    bare = item(
        2, title="Bare", url=None, kind=None, publisher=None, authors=(), issued=None, revised=None, summary=None
    )
    made = compose(of(full, bare), TEMPLATES)
    words = words_of(made.html)
    at = words.index("Tides & “currents”")
    assert words[at : at + 6] == [
        "Tides & “currents”",
        "Fact sheet · Port Authority · A. Quay, B. Pier, and C. Wharf · Issued November 2009, revised November 4, 2010"
        " · In Spanish",
        "First.  Second—third.",
        "Fourth.",
        "All of it (PDF, 1.2 MB)",
        "Bare",
    ]
    assert words[at + 6].startswith("The whole list on the web")
    anchors = {text_in(a): a.get("href") for a in parsed(made.html).iter("a")}
    assert anchors["Tides & “currents”"] == "https://example.org/tides?a=1&b=2"
    assert anchors["Bare"] == f"{BASE}#{bare.anchor}"
    assert anchors["All of it"] == "https://example.org/t.pdf"
    assert (
        "* Tides & “currents”\n"
        "  Fact sheet · Port Authority · A. Quay, B. Pier, and C. Wharf · Issued\n"
        "  November 2009, revised November 4, 2010 · In Spanish\n"
        "\n"
        "  First.  Second—third.\n"
        "\n"
        "  Fourth.\n"
        "\n"
        "  https://example.org/tides?a=1&b=2\n"
        "\n"
        "  All of it (PDF, 1.2 MB):\n"
        "  https://example.org/t.pdf\n"
        "\n"
        "* Bare\n"
        "\n"
        f"  {BASE}#{bare.anchor}\n"
    ) in made.text


def test_an_entry_in_another_language_is_marked_and_its_facts_are_not() -> None:
    made = compose(of(item(1, "ar"), item(2)), TEMPLATES)
    (block,) = [each for each in parsed(made.html).iter("div") if each.get("lang")]
    assert (block.get("lang"), block.get("dir")) == ("ar", "rtl")
    facts = block.find("p/span")
    assert facts is not None
    assert (facts.get("lang"), facts.get("dir")) == ("en", "ltr")


def test_facts_that_are_written_the_other_way_keep_their_order() -> None:
    """Each fact apart from its neighbours, each date apart from the label's words; no dot begins a line."""
    made = compose(of(item(3, "ar")), TEMPLATES)
    facts = [text_in(each) for each in parsed(made.html).iter("bdi")]
    assert facts == ["تسجيل صوتي", "هيئة الميناء (Port Authority)", "Issued October 5, 2026", "In Arabic"]
    assert "</bdi>\xa0· <bdi>" in made.html
    gone = item(4, "ar", "ar", withdrawn=date(2026, 11, 21))
    made = compose(replace(issue(0, "ar"), withdrawn=(gone,)), TEMPLATES)
    assert "<bdi>Withdrawn on \u206821 نوفمبر 2026\u2069.</bdi>" in made.html


def test_the_line_below_the_title_begins_with_a_capital() -> None:
    assert "Noviembre de 2026 · N.º 3 · Ver este número en la web" in words_of(composed(lang="es").html)


def test_highlights_come_first_and_the_rest_keeps_its_order() -> None:
    items = [item(at, title=f"Entry {at}", highlight=at in (2, 4)) for at in range(6)]
    words = words_of(compose(of(*items), TEMPLATES).html)
    shown = [word for word in words if word.startswith(("Entry", "Highlights", "Also new"))]
    assert shown == ["Highlights", "Entry 2", "Entry 4", "Also new", "Entry 0", "Entry 1", "Entry 3", "Entry 5"]


def test_where_all_are_highlights_none_is() -> None:
    sections = sections_of(of(*(item(at, highlight=True) for at in range(3))))
    assert [(section.id, section.title, section.total) for section in sections] == [("new", "3 new entries", 3)]


def test_a_short_list_has_no_contents_and_no_groups() -> None:
    words = words_of(composed(count=9).html)
    assert "In this issue" not in words
    assert [word for word in words if "new entr" in word] == ["9 new entries"]


def test_a_long_list_is_grouped_by_kind_and_begins_with_its_contents() -> None:
    made = composed(count=75)
    words = words_of(made.html)
    begin = words.index("In this issue")
    contents = ["Highlights (2)", "Fact sheet (18)", "Press release (19)", "Special report (19)", "Audio (17)"]
    contents += ["Updated since they were announced (2)", "Withdrawn (1)"]
    assert words[begin + 1 : begin + 8] == contents
    root = parsed(made.html)
    targets = {a.get("href", "")[1:] for a in root.iter("a") if a.get("href", "").startswith("#")}
    assert targets == {each.get("id") for each in root.iter() if each.get("id")}
    assert all(f"* {each}" in made.text for each in contents)


def test_a_long_list_without_kinds_is_grouped_by_subject() -> None:
    sections = sections_of(of(*(item(at, kind=None) for at in range(12))))
    assert [(section.title, section.total) for section in sections] == [("Tides", 4), ("Safety", 4), ("Money", 4)]


def test_a_long_list_that_nothing_divides_well_stays_whole() -> None:
    items = [item(at, kind=f"kind {at}", categories=()) for at in range(30)]
    assert [section.title for section in sections_of(of(*items))] == ["30 new entries"]


def test_what_has_no_kind_comes_last() -> None:
    items = [item(at, kind=("audio", "AUDIO", None, "report")[at % 4]) for at in range(12)]
    assert [(each.title, each.total) for each in sections_of(of(*items))] == [
        ("Audio", 6),
        ("Report", 3),
        ("Other entries", 3),
    ]


def test_revisions_and_withdrawals_are_told() -> None:
    revised = replace(item(3, title="Corrected"), updated=datetime(2026, 11, 20, 3, tzinfo=UTC))
    gone = item(
        4, title="Gone", withdrawn=date(2026, 11, 21), withdrawn_reason="The figures\nwere wrong.", summary="Old."
    )
    west = site(timezone="America/New_York")
    made = compose(of(revised=(revised,), withdrawn=(gone,), site=west), TEMPLATES)
    words = words_of(made.html)
    assert words.index("Updated since they were announced") < words.index("Corrected") < words.index("Withdrawn")
    assert "Entry updated November 19, 2026" in words  # as it was in New York
    at = words.index("Gone")
    assert words[at + 2] == "Withdrawn on November 21, 2026. The figures\nwere wrong."
    assert "Old." not in words
    assert f'href="{BASE}#{gone.anchor}"' in made.html
    assert "Withdrawn on November 21, 2026. The figures were wrong." in made.text


def test_long_text_stands_in_for_a_summary_and_is_read_on_the_page() -> None:
    both = item(1, summary="Short.", content="Long.")
    long = item(2, summary=None, content="## Head\n\n" + "Many *words*. " * 200)
    made = compose(of(both, long), TEMPLATES)
    words = words_of(made.html)
    assert words.count("Read on") == 2
    (excerpt,) = [word for word in words if word.startswith("Many")]
    assert len(excerpt) < 620
    assert excerpt.endswith("…")
    assert f"  Read on:\n  {BASE}#{long.anchor}\n" in made.text


def test_a_summary_without_end_is_cut() -> None:
    made = compose(of(item(1, summary="word " * 40_000)), TEMPLATES)
    assert "word…" in made.html
    assert len(made.html.encode()) < 10_000


def test_beyond_its_measure_an_issue_says_how_many_more_there_are() -> None:
    made = composed(count=500)
    assert MOST * 0.9 < len(made.html.encode()) <= MOST
    words = words_of(made.html)
    more = [int(found[1]) for word in words if (found := re.fullmatch(r"… and (\d+) more on the page", word))]
    root = parsed(made.html)
    assert len(list(root.iter("h3"))) + sum(more) == 503
    assert re.findall(r"… and (\d+) more on the page:\n" + BASE, made.text) == [str(number) for number in more]
    assert made.text.count("\n* ") == len(list(root.iter("h3"))) + 7  # and the contents
    assert "Withdrawn on November 20, 2026." in made.html


@given(st.lists(st.integers(0, 300), min_size=1, max_size=8), st.integers(0, 1000))
def test_room_is_shared(sizes: list[int], number: int) -> None:
    (section,) = sections_of(issue(1))
    sections = [section._replace(entries=section.entries * size) for size in sizes]
    cut = with_room_for(number, sections)
    shown = [len(each.entries) for each in cut]
    assert sum(shown) == min(number, sum(sizes))
    assert [each.total for each in cut] == sizes
    loser = min((have for have, size in zip(shown, sizes, strict=True) if have < size), default=None)
    assert loser is None or all(have <= loser + 1 for have in shown)


def test_the_subject_is_in_the_lists_language() -> None:
    wording = Digest(subject="{title} n.º {number}, {month} de {year}: {count}")
    assert subject(replace(issue(6, "es"), digest=wording)) == "Noticias del puerto n.º 3, noviembre de 2026: 6"


@pytest.mark.parametrize(
    ("wording", "title", "expected"),
    [
        ("{title}: {month} {year}", "A {count}\nB", "A {count} B: November 2026"),
        ("#{number} {nothing} {0}", "x", "#? {nothing} {0}"),
        ("{title.__class__} {title!r}", "x", "{title.__class__} {title!r}"),
        ("line\r\nBcc: thief@example.org", "x", "line Bcc: thief@example.org"),
    ],
)
def test_a_subject_is_one_line_and_no_program(wording: str, title: str, expected: str) -> None:
    one = replace(issue(1), digest=Digest(subject=wording), site=site(title=title), number=None)
    assert subject(one) == expected


def test_a_subscribers_copy_says_how_to_leave_and_the_webs_copy_does_not() -> None:
    mail, web = compose(issue(6), TEMPLATES), compose(issue(6), TEMPLATES, for_web=True)
    assert f'<a href="{LEAVE}"' in mail.html
    assert f"Leave this list:\n{LEAVE}\n" in mail.text
    assert "You get this e-mail because you subscribed to “Harbour Notes”." in mail.text
    assert f"View this issue on the web:\n{BASE}digest/2026-12-01.html\n" in mail.text
    for text in (web.html, web.text):
        assert LEAVE not in text
        assert "You get this" not in text
        assert "1 Quay Street" in text
        assert "Tide tables for 0" in text
    assert f'<link rel="canonical" href="{BASE}digest/2026-12-01.html"' in web.html


def test_a_copy_to_a_list_speaks_of_the_list() -> None:
    digest = replace(
        issue(1).digest, to="harbour@lists.example.org", leave_url=None, leave_mailto="off@lists.example.org"
    )
    made = compose(replace(issue(1), digest=digest), TEMPLATES)
    assert LEAVE not in made.html + made.text
    assert "You get this e-mail as a member of the mailing list harbour@lists.example.org." in unescape(made.html)
    assert "Leave this list:\nmailto:off@lists.example.org\n" in made.text
    silent = compose(replace(issue(1), digest=replace(digest, leave_mailto=None)), TEMPLATES)
    assert "Leave this list" not in silent.html + silent.text


def test_labels_that_a_language_lacks_are_marked_as_english() -> None:
    made = compose(issue(6, "ar"), TEMPLATES)
    assert '<span lang="en" dir="ltr">6 new entries</span>' in made.html
    assert "نوفمبر 2026" in made.html


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_a_preview_shows_is_the_way_to_leave(lang: str) -> None:
    made = compose(issue(1, lang), TEMPLATES).leaving_at("https://example.org/leave/?a=1&b=2")
    assert 'href="https://example.org/leave/?a=1&amp;b=2"' in made.html
    assert "\nhttps://example.org/leave/?a=1&b=2\n" in made.text


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=80)


@settings(deadline=None, max_examples=40)
@given(TEXT.filter(str.strip), TEXT, TEXT, TEXT)
def test_any_text_arrives_as_text(title: str, summary: str, publisher: str, kind: str) -> None:
    made = compose(of(item(1, title=title, summary=summary, publisher=publisher, kind=kind)), TEMPLATES)
    seen = legal(text_in(parsed(made.html)))
    for text in (title, summary, publisher):
        assert legal(text) in seen
        assert legal(text) in legal(made.text)


def legal(text: str) -> str:
    """Without white space, and with what no HTML may hold replaced."""
    return re.sub(r"\s+", "", re.sub("[\ufdd0-\ufdef\ufffe\uffff]|[^\0-\ufffd]", "\ufffd", text))


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "]]>", "--><script>", "{{ 7 * 7 }}", "{% include 'x' %}", "&amp;", "\0\x01\x1b[31m"]
)
def test_no_text_becomes_markup_or_a_program(text: str) -> None:
    made = compose(of(item(1, title=text, summary=text, kind=text)), TEMPLATES)
    shown = text.replace("\0", "\ufffd").replace("\x01", "\ufffd").replace("\x1b", "\ufffd")
    assert words_of(made.html).count(shown) == 2
    assert shown in made.text


def test_a_users_template_replaces_one_part() -> None:
    own = {
        "digest.html": '{% extends "handbill/digest.html" %}{% block masthead %}<h1>{{ site.url }}</h1>{% endblock %}',
        "digest.css": "h1 { color: #123456 }",
        "digest-entry.html": "{% macro entry(shown, site, words, dir) %}<p>{{ shown.extra['x-p'] }}</p>{% endmacro %}",
        "digest.txt": '{% extends "handbill/digest.txt" %}{% block foot %}{{ leave }}: all.{% endblock %}',
    }
    made = compose(of(item(1, extra={"x-p": "Rotterdam"})), environment(own))
    assert '<h1 style="color:#123456">https://example.org/harbour/</h1>' in made.html
    assert "<p>Rotterdam</p>" in made.html
    assert made.text.endswith(f"{LEAVE}: all.\n")


@pytest.mark.parametrize("name", ["digest.html", "digest.txt"])
def test_a_template_must_say_how_to_leave(name: str) -> None:
    own = environment({name: f'{{% extends "handbill/{name}" %}}{{% block foot %}}{{% endblock %}}'})
    with pytest.raises(TemplateError, match="how to leave"):
        compose(issue(1), own)
    assert compose(issue(1), own, for_web=True)


@pytest.mark.parametrize(
    ("own", "place", "words"),
    [
        ({"digest.html": ""}, "templates/digest.html: ", "makes no document"),
        ({"digest.html": "<!-- {{ leave }} -->"}, "templates/digest.html: ", "makes no document"),
        ({"digest.css": 'p { color: red }\n\na[title="b,c"] { color: red }'}, "templates/digest.css:3: ", "selector"),
        ({"digest.css": "@namespace svg url(x);\nsvg|p { color: red }"}, "templates/digest.css:2: ", "selector"),
        ({"digest.css": "p {\n  color: {{ site.colour }} }"}, "templates/digest.css:2: ", "colour"),
        ({"digest-entry.html": "no macro"}, "packaged template digest.html:", "requested name 'entry'"),
        ({"digest-entry.html": "{% macro entry(shown) %}{% endmacro %}"}, "packaged template digest.html:", "argument"),
    ],
)
def test_what_a_users_template_makes_of_the_digest_must_be_one(own: dict[str, str], place: str, words: str) -> None:
    with pytest.raises(TemplateError) as raised:
        compose(issue(1), environment(own))
    assert str(raised.value).startswith(place)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    "css", ["p { color: }", "}}{ p", "@import url(https://example.org/x.css);", "p:is(.a) {}", "\0"]
)
def test_css_that_makes_no_sense_changes_no_word(css: str) -> None:
    made = compose(issue(1), environment({"digest.css": css}))
    assert words_of(made.html) == words_of(composed(count=1).html)


def test_what_leaves_no_room_for_an_entry_is_told() -> None:
    wordy = replace(issue(6), digest=replace(issue(6).digest, intro="A word to begin with. " * 6000))
    with pytest.raises(TooLargeError, match=r"135 KB before its first entry.*shorten its intro or address"):
        compose(wordy, TEMPLATES)
    almost = replace(issue(6), digest=replace(issue(6).digest, intro="A word to begin with. " * 4300))
    made = compose(almost, TEMPLATES)
    assert len(made.html.encode()) <= MOST
    assert "more on the page" in made.html


def test_the_manual_names_every_value(monkeypatch: pytest.MonkeyPatch) -> None:
    given: set[str] = set()

    def render(templates: Any, name: str, **values: object) -> str:
        given.update(values)
        return str(templates.get_template(name).render(**values))

    monkeypatch.setattr(digest, "render", render)
    composed(count=1)
    manual = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", manual))
    assert given - named == set()
    for value in (Shown, Section, Attachment, Place):
        assert set(value._fields) - named == {"is_label"} & set(value._fields)


def test_a_mistake_in_a_users_template_has_a_place() -> None:
    with pytest.raises(TemplateError) as raised:
        compose(issue(1), environment({"digest.txt": "one\n{{ site.titel }}\n"}))
    assert (raised.value.name, raised.value.line, raised.value.own) == ("digest.txt", 2, True)
