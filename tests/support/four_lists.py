"""Lists that make every kind of document: one in many languages, an empty one, one entry, and ten thousand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from publication import build

from handbill.publish.issues import announcing
from handbill.publish.ledger import IssueRecord, dump, load

BASE = "https://example.org/harbour/"
NOW = "2026-04-01T12:00:00Z"
NEWEST = date(2026, 3, 31)

_SITE = f"""[site]
title = "Harbour & <Sea>: Häfen, 港口, ميناء"
url = "{BASE}"
description = "What moves, in \\"eleven\\" languages; 5 < 6."
intro = "Read *on*.\\n\\n- one\\n- [two](about)"
author = "Harbour Watch"
email = "desk@example.org"
lang = "en-GB"
timezone = "Europe/London"
license = "https://creativecommons.org/licenses/by/4.0/"
icon = "{BASE}icon.png"
logo = "{BASE}logo.png"
entries-in-feed = 20
hubs = ["https://hub.example.org/"]

[[site.link]]
title = "Données & cartes"
url = "{BASE}données/"
"""
_TITLES = {
    "en": "Tides & currents in the <inner> harbour", "de": "Gezeiten für Anfänger", "es": "¿Qué mareas hay mañana?",
    "fr": "L’écluse à l’été", "ru": "Приливы и отливы", "el": "Παλίρροιες", "ar": "المد والجزر", "he": "גאות ושפל",
    "zh-Hans": "港口潮汐", "ja": "潮の満ち引き", "hi": "ज्वार-भाटा",
}  # fmt: skip
_CONTENT = """# A heading

Some *words*, a [link](../x), <i>markup</i> and ]]>.

| a | b |
|---|---|
| 1 | 2 |
"""
_SUBJECTS = ["C++", "C", "..", "安全", "سلامة", "Sicherheit & Recht", "<b>", "con"]


def _entry(number: int) -> Iterator[str]:
    """The lines of an entry; by their number they have all that an entry can have, and all states."""
    lang, title = list(_TITLES.items())[number % len(_TITLES)]
    day = NEWEST - timedelta(days=number // 6 * 40)
    yield f'\n[[entry]]\ndate = {day}\ntitle = "{title} {number}"\nlang = "{lang}"'
    yield f'summary = "{title}: 1 < 2 && 3 > 2, \\"…\\" 😀\\n\\nA second paragraph."'
    if number % 3:
        yield f'url = "https://example.org/{lang}/ä?n={number}&m=1"'
    if number % 4 == 0:
        yield f'content = """\n{_CONTENT}"""'
    yield f'kind = "{["report", "audio", "お知らせ"][number % 3]}"'
    yield f'publisher = "{["Port Authority", "Порт", "R&D"][number % 3]}"'
    yield f'authors = ["A. Author", "Ж. Автор"]\ncategories = ["{_SUBJECTS[number % 8]}", "all"]'
    yield f'issued = "{day.year}-{day.month:02}"' if number % 2 else f'issued = "{day.year}"'
    if number % 5 == 0:
        yield f'image = "{BASE}i/{number}.png"\nimage-alt = "A picture of <{title}>"'
    if number % 10 == 3:
        yield f"updated = {day + timedelta(days=10)}"
    if number % 25 == 7:
        yield f'withdrawn = 2026-03-{number % 28 + 1:02}\nwithdrawn-reason = "It was <wrong> & late."'
    if number % 25 == 9:
        yield f"expires = {day + timedelta(days=5)}"
    if number % 7 == 0:
        yield f'\n[[entry.enclosure]]\nurl = "{BASE}a/{number}.mp3"\ntype = "audio/mpeg"\nlength = {number * 1000}'
        yield f'\n[[entry.enclosure]]\nurl = "{BASE}a/ü{number}.pdf"\ntype = "application/pdf"\ntitle = "Ü & <x>"'


def _plain(number: int) -> str:
    day = NEWEST - timedelta(days=number // 2)
    return (
        f'\n[[entry]]\ndate = {day}\ntitle = "Notice {number}"\nurl = "https://example.org/r/{number}"\n'
        f'kind = "{["report", "audio"][number % 2]}"\ncategories = ["c{number % 12}"]\nsummary = "About {number}."\n'
    )


LISTS = {
    "75 in many languages": _SITE + "\n".join(line for number in range(75) for line in _entry(number)),
    "none": _SITE,
    "one": _SITE + "\n".join(_entry(0)),
    "10000": _SITE.replace("= 20", "= 50") + "".join(map(_plain, range(10_000))),
}
"""The text of each file."""


def build_list(name: str, folder: Path) -> Path:
    """Build the list of this *name* below *folder*, announce it in two issues, and build it again with their feed."""
    feeds = build(folder, LISTS[name], NOW)
    ledger = feeds / "ledger.jsonl"
    known = load(ledger.read_text(encoding="utf-8"))
    for month in (2, 3) if known.records else ():
        new = dict.fromkeys(list(known.records)[:3], "2026-01-01T00:00:00Z")
        moment = datetime(2026, month, 1, 8, tzinfo=UTC)
        known = announcing(
            known, IssueRecord(f"2026-{month:02}-01", month, moment, f"Harbour & <Sea> {month}", new=new)
        )
    ledger.write_text(dump(known), encoding="utf-8")
    return build(folder, LISTS[name], NOW)
