"""Issues of the digest as values: of any size, in several languages, always the same."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from handbill.dates import PartialDate
from handbill.model import Digest, Enclosure, Entry, Link, Site
from handbill.published import Issue, Item

BASE = "https://example.org/harbour/"
KEY = date(2026, 12, 1)
NAMES = [f"{size}-{lang}" for size in (1, 6, 75, 500) for lang in ("en", "es", "ar", "zh", "en-mixed", "ar-mixed")]
"""Issues for `issue_named`: so many entries, in that language, mixed with others."""

_TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "site": "Harbour Notes",
        "author": "Harbour Watch",
        "intro": "What *moves* in port, once a month. [Write to us](mailto:desk@example.org) if something is missing.",
        "address": "1 Quay Street\nHarbourtown 01234",
        "titles": ["Tide tables for {n}", "ICE’S “new” dredging plan, part {n}", "Who pays for pier {n}? 287(g) & co.",
                   "A very long title that goes on about berths, cranes, customs sheds and all else beside quay {n}"],
        "kinds": ["fact sheet", "press release", "special report", "audio"],
        "publisher": "Port Authority / Harbour Board",
        "authors": ["Maria Quay", "John O’Pier", "Li Wharf"],
        "summary": "High water, day by day, at all nine gauges.  The tables are those of the harbour office—straight "
                   "\"quotes\" and 'others' included—and were checked against last year's.  Where the two differ, "
                   "the difference is noted, and why.",
    },
    "es": {
        "site": "Noticias del puerto",
        "author": "Observatorio del Puerto",
        "intro": "Lo que se *mueve* en el puerto, una vez al mes.",
        "address": "Calle del Muelle 1\n01234 Puerto Viejo",
        "titles": ["Tabla de mareas n.º {n}", "El «nuevo» plan de dragado, parte {n}", "¿Quién paga el muelle {n}?"],
        "kinds": ["hoja informativa", "comunicado", "informe especial", "audio"],
        "publisher": "Autoridad Portuaria",
        "authors": ["María Muñoz", "José Ibáñez"],
        "summary": "La pleamar, día por día, en los nueve mareógrafos. Las tablas son las de la capitanía —comillas "
                   "«españolas» incluidas— y se cotejaron con las del año pasado. Donde difieren, se anota por qué.",
    },
    "ar": {
        "site": "أخبار الميناء",
        "author": "مرصد الميناء",
        "intro": "ما الذي *يتحرك* في الميناء، مرة في الشهر.",
        "address": "شارع الرصيف ١\nالميناء القديم",
        "titles": ["جداول المد والجزر رقم {n}", "خطة التجريف «الجديدة»، الجزء {n}", "من يدفع ثمن الرصيف {n}؟"],
        "kinds": ["نشرة معلومات", "بيان صحفي", "تقرير خاص", "تسجيل صوتي"],
        "publisher": "هيئة الميناء (Port Authority)",
        "authors": ["مريم الرصيفي", "حسن البحري"],
        "summary": "أعلى منسوب للمياه يومًا بيوم في المقاييس التسعة. هذه الجداول من مكتب الميناء، وقد قورنت بجداول "
                   "العام الماضي، وحيثما اختلفت ذُكر الفرق وسببه (انظر ISO 8601).",
    },
    "zh": {
        "site": "港口消息",
        "author": "港口观察",
        "intro": "每月一次，港口里发生的事。",
        "address": "码头街一号\n旧港 01234",
        "titles": ["潮汐表第{n}号", "“新”疏浚计划，第{n}部分", "谁为{n}号码头买单？"],
        "kinds": ["资料单", "新闻稿", "专题报告", "录音"],
        "publisher": "港务局",
        "authors": ["李码头", "王海"],
        "summary": "九个验潮站逐日的高潮时刻与潮高。这些表格出自港务办公室，并与去年的表格作了核对；"
                   "凡有出入之处，均注明其差异及原因。详见 ISO 8601 第二部分，以及“附录三：更正”。",
    },
}  # fmt: skip


def item(number: int, lang: str = "en", list_lang: str = "en", **more: Any) -> Item:
    """Entry *number* in *lang* on a list in *list_lang*; every sixth has no address, every seventh a recording."""
    texts = _TEXTS[lang]
    anchor = f"e{number:012x}"
    values: dict[str, Any] = {
        "date": date(2026, 11, 30) - timedelta(days=number % 29),
        "title": texts["titles"][number % len(texts["titles"])].format(n=number),
        "url": None if number % 6 == 5 else f"https://example.org/resources/{number}?of=harbour&lang={lang}",
        "kind": texts["kinds"][number % 4],
        "publisher": texts["publisher"],
        "authors": tuple(texts["authors"][: number % 3]),
        "issued": (None, PartialDate(2026), PartialDate(2026, 10), PartialDate(2026, 10, 5))[number % 4],
        "revised": PartialDate(2026, 11) if number % 5 == 4 else None,
        "categories": (("tides", "safety", "money")[number % 3],),
        "lang": None if lang == list_lang else lang,
        "summary": texts["summary"],
        "enclosure": () if number % 7 else (
            Enclosure(url=f"https://example.org/audio/{number}.mp3", type="audio/mpeg", length=1234567 + number),
        ),
    }  # fmt: skip
    entry = Entry(**{**values, **more})
    published = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=60 * number)
    return Item(
        entry=entry,
        id=f"urn:uuid:00000000-0000-5000-8000-{number:012x}",
        anchor=anchor,
        link=entry.url or f"{BASE}#{anchor}",
        published=published,
        updated=published,
        withdrawn=entry.withdrawn,
    )


def site(lang: str = "en", **more: Any) -> Site:
    """A list in *lang*."""
    texts = _TEXTS[lang]
    link = (Link(title="Blog", url="https://example.org/blog/"),)
    values = {"title": texts["site"], "author": texts["author"], "url": BASE, "lang": lang, "link": link}
    return Site(**{**values, **more})


def issue(count: int = 6, lang: str = "en", *, mixed: bool = False, **more: Any) -> Issue:
    """An issue of *count* new entries in *lang*; *mixed* with entries in Chinese and all the other languages.

    From 20 on there are highlights, revisions and a withdrawal.
    """
    langs = [lang, "zh", lang, *(other for other in _TEXTS if other not in (lang, "zh"))] if mixed else [lang]
    full = count >= 20
    new = [item(at, langs[at % len(langs)], lang, highlight=full and at in (3, 8)) for at in range(count)]
    revised = [item(1000 + at, lang, lang) for at in range(2 if full else 0)]
    gone = [
        item(2000, lang, lang, withdrawn=date(2026, 11, 20), withdrawn_reason="The figures were wrong."),
    ]
    texts = _TEXTS[lang]
    digest = Digest(
        sender=f"{texts['site']} <news@example.org>",
        intro=texts["intro"],
        address=texts["address"],
        leave_url="https://example.org/leave/",
        leave_mailto="leave@example.org",
    )
    values: dict[str, Any] = {
        "site": site(lang),
        "digest": digest,
        "key": KEY,
        "month_of": KEY - timedelta(days=1),
        "number": 3,
        "new": tuple(new),
        "revised": tuple(revised),
        "withdrawn": tuple(gone if full else ()),
        "view_path": f"digest/{KEY.isoformat()}.html",
    }
    return Issue(**{**values, **more})


def issue_named(name: str) -> Issue:
    """The issue of a name like those of `NAMES`."""
    size, lang, *mixed = name.split("-")
    return issue(int(size), lang, mixed=bool(mixed))
