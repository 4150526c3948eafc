"""The histories that subscribers live through; `histories` tells how to read them.

Where a table seems to repeat itself, the clock is what moved.
"""

from histories import Step, add, branch, change, drop, lose_the_ledger, merge, on_branch, order, site

_THREE = (
    add("fog", date="2026-03-01", url=None),
    add("ferries", date="2026-03-01"),
    add("tides", date="2026-03-02"),
)


def _start() -> Step:
    """Three entries; one has no address."""
    return Step("2026-03-05T12:00Z", *_THREE, shown="tides ferries fog", new="tides ferries fog")


def _keys(prefix: str, first: int, last: int) -> str:
    """Keys with numbers, counting down."""
    return " ".join(f"{prefix}{number}" for number in range(first, last - 1, -1))


def _month(number: int) -> str:
    """The day of entry *number* of one every two months and a half since 2011."""
    return f"{2011 + number // 5}-{1 + number % 5 * 2:02}-15"


HISTORIES: dict[str, tuple[Step, ...]] = {
    "a whole life": (
        Step("2026-03-01T12:00Z", add("ferries", date="2026-03-01"), add("tides", date="2026-03-10", draft=True),
             shown="ferries", new="ferries"),
        Step("2026-03-02T12:00Z", change("tides", draft=None), shown="ferries"),
        Step("2026-03-09T23:59:59Z", shown="ferries"),
        Step("2026-03-10T00:00Z", shown="tides ferries", new="tides"),
        Step("2026-03-20T12:00Z", change("tides", updated="2026-03-20", summary="New figures."),
             shown="tides ferries", updated="tides", reworded="tides"),
        Step("2026-04-01T09:00Z", change("tides", withdrawn="2026-04-01", withdrawn_reason="The figures were wrong."),
             shown="tides ferries", updated="tides", reworded="tides", stones="tides"),
        Step("2026-06-30T08:59:59Z", shown="tides ferries", stones="tides"),
        Step("2026-06-30T09:00Z", shown="ferries", stones="tides"),
        Step("2027-04-01T08:59:59Z", shown="ferries", stones="tides"),
        Step("2027-04-01T09:00Z", shown="ferries"),
    ),
    "removed and brought back": (
        _start(),
        Step("2026-03-06T12:00Z", drop("ferries"), shown="tides fog", stones="ferries"),
        Step("2026-03-16T12:00Z", add("ferries", 1, date="2026-03-01"), shown="tides ferries fog", updated="ferries"),
        Step("2026-03-20T12:00Z", drop("ferries"), shown="tides fog", stones="ferries"),
        Step("2027-03-20T12:00Z", shown="tides fog"),
        Step("2027-03-21T12:00Z", add("ferries", 1, date="2026-03-01"), shown="tides ferries fog", updated="ferries"),
    ),
    "expired and extended": (
        Step("2026-03-10T12:00Z", *_THREE, change("tides", expires="2026-03-12"),
             shown="tides ferries fog", new="tides ferries fog"),
        Step("2026-03-12T23:59:59Z", shown="tides ferries fog"),
        Step("2026-03-13T00:00Z", shown="ferries fog"),
        Step("2026-03-20T12:00Z", change("tides", expires="2026-04-30"), shown="tides ferries fog", updated="tides"),
        Step("2026-05-01T00:00Z", shown="ferries fog"),
        Step("2026-05-02T00:00Z", change("tides", expires=None), shown="tides ferries fog", updated="tides"),
    ),
    "withdrawn and reinstated": (
        _start(),
        Step("2026-03-06T12:00Z", change("tides", withdrawn="2026-03-06"), shown="tides ferries fog",
             updated="tides", reworded="tides", stones="tides"),
        Step("2026-03-20T12:00Z", change("tides", withdrawn=None), shown="tides ferries fog",
             updated="tides", reworded="tides"),
        Step("2026-04-01T12:00Z", change("tides", withdrawn="2026-04-01"), shown="tides ferries fog",
             updated="tides", reworded="tides", stones="tides"),
        Step("2026-09-01T12:00Z", shown="ferries fog", stones="tides"),
        Step("2026-09-02T12:00Z", change("tides", withdrawn=None), shown="tides ferries fog",
             updated="tides", reworded="tides"),
    ),
    "a draft again": (
        _start(),
        Step("2026-03-06T12:00Z", change("tides", draft=True), shown="ferries fog", stones="tides"),
        Step("2026-03-07T12:00Z", change("tides", draft=None), shown="tides ferries fog", updated="tides"),
    ),
    "one fact edited": (
        _start(),
        Step("2026-03-06T12:00Z", change("tides", summary="About the tides."), shown="tides ferries fog",
             silent="tides", reworded="tides"),
        Step("2026-03-07T12:00Z", change("tides", title="High tides"), shown="tides ferries fog", silent="tides"),
        Step("2026-03-08T12:00Z", change("ferries", url="https://example.org/boats"), shown="tides ferries fog",
             silent="ferries"),
        Step("2026-03-09T12:00Z", change("fog", url="https://example.org/fog"), shown="tides ferries fog",
             silent="fog"),
        Step("2026-03-10T12:00Z", change("fog", date="2026-03-04"), shown="tides ferries fog"),
        Step("2026-03-11T12:00Z", change("tides", date="2026-02-01"), shown="tides ferries fog"),
        Step("2026-03-12T12:00Z", change("tides", note="ask for the PDF"), shown="tides ferries fog"),
        Step("2026-03-13T12:00Z", change("tides", authors=["A. Author"]), shown="tides ferries fog", silent="tides"),
        Step("2026-03-14T12:00Z", change("ferries", url=None), shown="tides ferries fog", silent="ferries"),
    ),
    "revised in time": (
        _start(),
        Step("2026-03-10T12:00Z", change("tides", updated="2026-04-01"), shown="tides ferries fog"),
        Step("2026-03-31T23:59:59Z", shown="tides ferries fog"),
        Step("2026-04-01T00:00Z", shown="tides ferries fog", updated="tides"),
        Step("2026-04-02T12:00Z", change("tides", updated="2026-03-20"), shown="tides ferries fog"),
        Step("2026-04-03T12:00Z", change("tides", updated=None), shown="tides ferries fog"),
        Step("2026-04-04T12:00Z", change("fog", updated="2026-03-01", summary="Thick."), shown="tides ferries fog",
             updated="fog", reworded="fog"),
    ),
    "moved into the future": (
        _start(),
        Step("2026-03-06T12:00Z", change("tides", date="2030-01-01"), shown="tides ferries fog"),
        Step("2030-01-01T12:00Z", shown="tides ferries fog"),
    ),
    "moved in the file": (
        _start(),
        Step("2026-03-06T12:00Z", order("fog ferries tides"), shown="tides ferries fog"),
        Step("2026-03-07T12:00Z", order("ferries tides fog"), shown="tides ferries fog"),
        Step("2026-03-08T12:00Z", order("tides ferries fog"), shown="tides ferries fog"),
    ),
    "addresses swapped": (
        _start(),
        Step("2026-03-06T12:00Z", change("tides", url="https://example.org/ferries"),
             change("ferries", url="https://example.org/tides"), shown="tides ferries fog", silent="tides ferries"),
        Step("2026-03-07T12:00Z", change("ferries", url=None), change("fog", url="https://example.org/tides"),
             shown="tides ferries fog", silent="ferries fog"),
    ),
    "titles": (
        _start(),
        Step("2026-03-06T12:00Z", change("fog", title="Mist"), shown="tides ferries fog", silent="fog"),
        Step("2026-03-07T12:00Z", change("tides", title="Ferries"), change("ferries", title="Tides"),
             shown="tides ferries fog", silent="tides ferries"),
        # On one day with another that is renamed too, at one address with another of another day.
        Step("2026-03-08T12:00Z", change("tides", url="https://example.org/ferries"), shown="tides ferries fog",
             silent="tides"),
        Step("2026-03-09T12:00Z", change("tides", title="X"), change("ferries", title="Y"), change("fog", title="Z"),
             shown="tides ferries fog", silent="tides ferries fog"),
    ),
    "an address used again": (
        _start(),
        Step("2026-03-06T12:00Z", drop("tides"), shown="ferries fog", stones="tides"),
        Step("2026-07-01T12:00Z", add("wrecks", date="2026-07-01", url="https://example.org/tides"),
             shown="wrecks ferries fog", new="wrecks", stones="tides"),
        Step("2026-07-02T12:00Z", add("tides", 1, date="2026-03-02"),
             shown="wrecks tides ferries fog", updated="tides"),
    ),
    "an identifier from elsewhere": (
        Step("2026-03-05T12:00Z", *_THREE, change("tides", id="tag:example.org,2020:tides"),
             shown="tides ferries fog", new="tides ferries fog"),
        Step("2026-03-06T12:00Z", change("tides", title="Floods", url=None, date="2026-03-03"),
             shown="tides ferries fog", silent="tides"),
    ),
    "a day's middle": (
        Step("2026-03-01T12:00Z", *(add(key, 9, date="2026-03-01") for key in "abcdef"),
             shown="a b c d e f", new="a b c d e f"),
        Step("2026-03-01T13:00Z", add("seventh", 3, date="2026-03-01"), shown="a b c seventh d e f", new="seventh"),
        Step("2026-03-01T14:00Z", add("top", 0, date="2026-03-01"), add("bottom", 9, date="2026-03-01"),
             shown="top a b c seventh d e f bottom", new="top bottom"),
        Step("2026-03-02T12:00Z", add("eighth", 4, date="2026-03-01"), add("ninth", 5, date="2026-03-01"),
             add("tomorrow", 0, date="2026-03-02"), shown="tomorrow top a b c eighth ninth seventh d e f bottom",
             new="eighth ninth tomorrow"),
        Step("2026-03-03T12:00Z", order("f e d c b a seventh"),
             shown="tomorrow top a b c eighth ninth seventh d e f bottom"),
    ),
    "another time zone": (
        _start(),
        Step("2026-03-06T12:00Z", site(timezone="Asia/Tokyo"), shown="tides ferries fog"),
        Step("2026-03-07T12:00Z", site(timezone="America/New_York"), add("spring", date="2026-03-09"),
             shown="tides ferries fog"),
        Step("2026-03-09T03:59:59Z", shown="tides ferries fog"),
        Step("2026-03-09T04:00Z", shown="spring tides ferries fog", new="spring"),
        Step("2026-03-10T12:00Z", site(timezone="UTC"), shown="spring tides ferries fog"),
    ),
    "a lost ledger": (
        _start(),
        Step("2026-03-06T12:00Z", lose_the_ledger, shown="tides ferries fog"),
        Step("2026-03-07T12:00Z", lose_the_ledger, add("wrecks", date="2026-03-07"),
             shown="wrecks tides ferries fog", new="wrecks"),
        Step("2026-03-08T12:00Z", change("tides", updated="2026-03-08"), shown="wrecks tides ferries fog",
             updated="tides"),
        Step("2026-03-09T12:00Z", lose_the_ledger, shown="wrecks tides ferries fog"),
    ),
    "the site's address corrected": (
        _start(),
        Step("2026-03-06T12:00Z", site(url="https://example.com/port"), shown="tides ferries fog", silent="fog"),
        Step("2026-03-07T12:00Z", site(id="https://example.org/harbour/"), shown="tides ferries fog"),
        Step("2026-03-08T12:00Z", lose_the_ledger, add("wrecks", date="2026-03-08"),
             shown="wrecks tides ferries fog", new="wrecks"),
        Step("2026-03-09T12:00Z", site(title="Port News"), shown="wrecks tides ferries fog"),
    ),
    "a file cut off": (
        Step("2026-03-01T12:00Z", *(add(key, 9, date="2026-03-01") for key in "abcde"),
             shown="a b c d e", new="a b c d e"),
        Step("2026-03-02T12:00Z", drop("b c d"), shown="a b c d e", status=1),
        Step("2026-03-03T12:00Z", shown="a e", stones="b c d", words=("--accept-removals",)),
        Step("2026-03-04T12:00Z", *(add(key, at + 1, date="2026-03-01") for at, key in enumerate("bcd")),
             shown="a b c d e", updated="b c d"),
    ),
    "small archives": (
        Step("2026-03-02T12:00Z", site(entries_in_feed=2), add("a", date="2026-03-01"), add("b", date="2026-03-02"),
             shown="b a", new="a b"),
        Step("2026-03-03T12:00Z", add("c", date="2026-03-03"), shown="c b", new="c", whole="c b a"),
        Step("2026-03-04T12:00Z", add("d", date="2026-03-04"), shown="d c", new="d", whole="d c b a"),
        Step("2026-03-05T12:00Z", add("e", date="2026-03-05"), shown="e d", new="e", whole="e d c b a"),
        Step("2026-03-06T12:00Z", change("a", updated="2026-03-06", summary="Better."),
             shown="e d a", updated="a", reworded="a", whole="e d c b a"),
        Step("2026-03-07T12:00Z", change("b", withdrawn="2026-03-07"), shown="e d b a", updated="b", reworded="b",
             stones="b", whole="e d c b a", rewritten="1"),
        Step("2026-03-08T12:00Z", drop("c"), shown="e d b a", stones="b c", whole="e d b a", rewritten="2"),
        Step("2026-03-09T12:00Z", add("f", date="2026-03-09"), shown="f e b", new="f", stones="b c",
             whole="f e d b a"),
    ),
    "two branches": (
        _start(),
        Step("2026-03-10T12:00Z", branch("other"),
             on_branch("other", "2026-03-09T12:00Z", add("wrecks", 9, date="2026-03-01"),
                       change("fog", summary="Thick."), change("ferries", withdrawn="2026-03-09")),
             add("pilots", date="2026-03-10"), change("tides", updated="2026-03-10", summary="New figures."),
             shown="pilots tides ferries fog", new="pilots", updated="tides", reworded="tides"),
        Step("2026-03-11T12:00Z", merge("other"), shown="pilots tides ferries fog wrecks",
             new="wrecks", updated="ferries", silent="fog", reworded="ferries fog", stones="ferries"),
        Step("2026-03-12T12:00Z", branch("another"),
             on_branch("another", "2026-03-12T09:00Z", add("quays", date="2026-03-11")),
             add("locks", date="2026-03-12"), shown="locks pilots tides ferries fog wrecks",
             new="locks", stones="ferries"),
        # Both wrote at the top of the file, where the editor keeps both.
        Step("2026-03-13T12:00Z", merge("another"), shown="locks quays pilots tides ferries fog wrecks",
             new="quays", stones="ferries"),
        Step("2026-03-14T12:00Z", change("quays", title="Old quays"),
             shown="locks quays pilots tides ferries fog wrecks", silent="quays", stones="ferries"),
    ),
    "two branches with archives": (
        Step("2026-03-04T12:00Z", site(entries_in_feed=2), *(add(f"a{n}", date=f"2026-03-0{n}") for n in range(1, 5)),
             shown="a4 a3", new="a4 a3", whole="a4 a3 a2 a1"),
        Step("2026-03-07T12:00Z", branch("other"),
             on_branch("other", "2026-03-06T12:00Z", *(add(f"old{n}", 99, date=f"2026-02-0{n}") for n in (4, 3, 2, 1)),
                       change("a1", withdrawn="2026-03-06")),
             *(add(f"new{n}", date=f"2026-03-0{n}") for n in (5, 6, 7)),
             shown="new7 new6", new="new7 new6", whole="new7 new6 new5 a4 a3 a2 a1"),
        # Either made its own third archive document.
        Step("2026-03-08T12:00Z", merge("other"), shown="new7 new6 a1", new="a1", stones="a1",
             whole="new7 new6 new5 a4 a3 a2 a1 old4 old3 old2 old1", rewritten="1 3"),
        Step("2026-03-09T12:00Z", change("old2", withdrawn="2026-03-09"), shown="new7 new6 a1 old2", new="old2",
             stones="a1 old2", whole="new7 new6 new5 a4 a3 a2 a1 old4 old3 old2 old1", rewritten="3"),
    ),
    "fifteen years filled in": (
        Step("2026-03-05T12:00Z", *(add(f"new{n}", date=f"2026-03-0{n}") for n in range(1, 6)),
             shown=_keys("new", 5, 1), new=_keys("new", 5, 1)),
        Step("2026-03-06T12:00Z", *(add(f"old{n}", 99, date=_month(n)) for n in range(74, -1, -1)),
             shown=f"{_keys('new', 5, 1)} {_keys('old', 74, 30)}", new=_keys("old", 74, 30),
             whole=f"{_keys('new', 5, 1)} {_keys('old', 74, 0)}"),
        Step("2026-03-07T12:00Z", *(add(f"new{n}", date=f"2026-03-0{n}") for n in (6, 7)),
             shown=f"{_keys('new', 7, 1)} {_keys('old', 74, 32)}", new=_keys("new", 7, 6),
             whole=f"{_keys('new', 7, 1)} {_keys('old', 74, 0)}"),
        Step("2026-03-08T12:00Z", change("old40", updated="2026-03-08", summary="Seen again."),
             shown=f"{_keys('new', 7, 1)} {_keys('old', 74, 32)}", updated="old40", reworded="old40",
             whole=f"{_keys('new', 7, 1)} {_keys('old', 74, 0)}"),
        # Whoever reads the live document alone meets this one for the first time.
        Step("2026-03-09T12:00Z", change("old3", updated="2026-03-09"),
             shown=f"{_keys('new', 7, 1)} {_keys('old', 74, 32)} old3", new="old3",
             whole=f"{_keys('new', 7, 1)} {_keys('old', 74, 0)}"),
        Step("2026-03-10T12:00Z", drop("old20"),
             shown=f"{_keys('new', 7, 1)} {_keys('old', 74, 32)} old3", stones="old20",
             whole=f"{_keys('new', 7, 1)} {_keys('old', 74, 21)} {_keys('old', 19, 0)}", rewritten="1"),
    ),
}  # fmt: skip
"""Every history by its name."""
