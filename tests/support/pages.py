"""Lists as pages show them: a rich one with a little of everything, and long ones, always the same."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from handbill.dates import PartialDate
from handbill.model import Enclosure, Entry, Link, Site
from handbill.published import Ended, FeedLink, Item, Page, PastIssue
from handbill.render.issue_index import issue_index
from handbill.render.page import sheets
from handbill.render.templating import environment

BASE = "https://example.org/harbour/"
NEWEST = datetime(2026, 3, 31, 12, tzinfo=UTC)
SITE = Site(
    title="Harbour Watch: What Moves in the Port",
    url=BASE,
    description="Reports, figures and recordings about the port, as they appear.",
    intro="We read *every* notice, so that you need not; see [how we choose](about).",
    author="Harbour Watch",
    email="desk@example.org",
    lang="en-GB",
    timezone="Europe/London",
    license="https://creativecommons.org/licenses/by/4.0/",
    link=(Link(title="Blog", url=f"{BASE}blog/"), Link(title="Open data", url=f"{BASE}data/")),
)
CONTENT = """Dredging keeps the channel open. It also moves **a century of mud**.

# What is moved

1. Sand from the outer bar, about 400,000 m³ a year
2. Silt from the basins

> Nobody has counted the mussels.

## In figures

| year | sand    | silt   | what was found in it, in the words of those who looked |
|------|---------|--------|---------------------------------------------------------|
| 2024 | 412,000 | 47,500 | anchors                                                 |

```
a_very_long_line_of_code = that_does_not_fit_on_a_phone("and must not make the page wider than it is")
```
"""


def item(number: int, day: date = date(2026, 3, 31), title: str = "", **fields: Any) -> Item:
    """Entry *number* of a list, announced *number* minutes before the newest."""
    entry = Entry(date=day, title=title or f"Entry {number}", **fields)
    anchor, moment = f"e{number:012x}", NEWEST - timedelta(minutes=number)
    id_ = f"urn:uuid:00000000-0000-5000-8000-{number:012x}"
    return Item(entry, id_, anchor, entry.url or f"{BASE}#{anchor}", moment, moment, entry.withdrawn)


def page(*items: Item, site: Site = SITE, **more: Any) -> Page:
    """The page of *items*, newest first."""
    return Page(replace(site, **more), items)


def rich() -> Page:
    """A list with a little of everything that an entry can have."""
    told: list[dict[str, Any]] = [
        {
            "title": "Tide tables for 2026",
            "url": f"{BASE}tides",
            "kind": "data set",
            "publisher": "Port Authority",
            "authors": ("Ada Marsh", "Chloë Ångström"),
            "issued": PartialDate(2026, 3),
            "categories": ("tides", "safety"),
            "summary": "High water, day by day.  With corrections — “as measured”.\n\nThey replace those of December.",
            "image": f"{BASE}tide.png",
            "image_alt": "The harbour at low tide",
            "enclosure": (
                Enclosure(url=f"{BASE}tides.pdf", type="application/pdf", length=1234567, title="All tables"),
                Enclosure(url=f"{BASE}tides.csv", type="text/csv"),
            ),
        },
        {
            "title": "Briefing: who pays for the new mole?",
            "kind": "audio",
            "summary": "A call with the treasurer, recorded in full.",
            "enclosure": (Enclosure(url=f"{BASE}call.mp3", type="audio/mpeg", length=23456789, title="The call"),),
        },
        {
            "title": "Mareas y migración",
            "url": f"{BASE}es",
            "lang": "es",
            "summary": "Un estudio de diez años.",
            "day": date(2026, 3, 20),
        },
        {
            "title": "حركة السفن في الميناء",
            "url": f"{BASE}ar",
            "lang": "ar",
            "summary": "أعداد السفن.",
            "kind": "report",
            "day": date(2026, 3, 20),
        },
        {
            "title": "港口年度报告",
            "url": f"{BASE}zh",
            "lang": "zh-Hans",
            "summary": "船舶进出情况。",
            "day": date(2026, 3, 20),
        },
        {
            "title": "Noise at night",
            "url": f"{BASE}noise",
            "summary": "Measured at 14 places.",
            "withdrawn": date(2026, 3, 1),
            "withdrawn_reason": "Two instruments were not calibrated.",
            "day": date(2026, 2, 11),
        },
        {
            "title": "What we know about dredging",
            "url": f"{BASE}dredging",
            "kind": "explainer",
            "issued": PartialDate(2019, 11),
            "revised": PartialDate(2026, 1, 8),
            "updated": date(2026, 2, 2),
            "content": CONTENT,
            "day": date(2026, 1, 9),
        },
        {
            "title": "Ein " + "sehr" * 70 + "langes Wort",
            "url": f"{BASE}long",
            "lang": "de",
            "publisher": "Betriebs" * 20,
            "summary": "x" * 300,
            "day": date(2025, 12, 24),
        },
        {"title": "Nothing but a title", "day": date(2024, 6, 1)},
    ]
    items = tuple(item(number, **{"day": date(2026, 3, 31), **each}) for number, each in enumerate(told))
    feeds = (
        FeedLink("atom.xml", SITE.title, count=len(items)),
        FeedLink("digest/atom.xml", "Harbour Watch: the digest"),
        FeedLink("category/tides.xml", "tides", "category", 1),
        FeedLink("category/gone.xml", "gone", "category", 0),
        FeedLink("category/环境.xml", "环境", "category", 2),
        FeedLink("lang/es.xml", "es", "lang", 1),
    )
    return Page(SITE, items, (Ended("eended", "A notice that ended"),), feeds, tuple(_issues(items)))


def _issues(items: tuple[Item, ...]) -> Iterator[PastIssue]:
    """Nine issues, the latest first, that held some of *items*, and others that are no longer shown."""
    for number in range(9, 0, -1):
        yield PastIssue(
            path=f"digest/2026-0{number}-01.html",
            title=f"Harbour Watch, issue {number}",
            day=date(2026, number, 1),
            number=number,
            new=number * number,
            revised=number % 3,
            withdrawn=number % 2,
            items=items[9 - number :],
        )


_WORDS = re.findall(
    r"\w+", "tide channel port ship mole gate sand survey report night harbour crane quay pilot people money rope"
)


def long(count: int) -> Page:
    """A list of *count* entries over fifteen years."""
    dice = random.Random(count)
    items = [
        item(
            number,
            date(2026, 3, 31) - timedelta(days=number * 15 * 365 // count),
            " ".join(dice.choices(_WORDS, k=dice.randint(3, 9))).capitalize(),
            url=f"{BASE}{number}",
            kind=dice.choice(("report", "fact sheet", "audio")),
            publisher=dice.choice(("Port Authority", "Harbour Watch")),
            authors=(dice.choice(("Ada Marsh", "Ben Okafor")),),
            categories=tuple(dice.sample(("tides", "safety", "money", "dredging"), 2)),
            lang=dice.choice((None, None, "es")),
            summary=" ".join(dice.choices(_WORDS, k=40)).capitalize() + ".",
        )
        for number in range(count)
    ]
    return Page(SITE, tuple(items))


def write(shown: Page, folder: Path) -> Path:
    """Put the files of *shown* into *folder*, which is given back."""
    for sheet in (*sheets(shown, environment({})), *issue_index(shown, environment({}))):
        file = folder / sheet.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(sheet.make())
    return folder
