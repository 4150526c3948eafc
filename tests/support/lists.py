"""Publications as values, and what several builds make of them."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handbill.model import Digest, Entry, Publication, Site
from handbill.publish import Published, publish
from handbill.publish.ledger import Ledger, dump, load

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SITE = Site(title="Harbour", url="https://example.org/harbour/", timezone="America/New_York")


def entry(title: str, day: date | str = "2026-03-01", url: str | None = None, **more: Any) -> Entry:
    """An entry of *day* (ISO)."""
    when = date.fromisoformat(day) if isinstance(day, str) else day
    return Entry(title=title, date=when, url=url, **more)


def publication(*entries: Entry, site: Site = SITE, digest: Digest | None = None) -> Publication:
    """A publication of *entries*, in the order of the file."""
    return Publication(site=site, zone=ZoneInfo(site.timezone), digest=digest, entries=entries)


class History:
    """Builds one after the other, each from what the last one left, through the ledger's text as on disk."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.last: Published | None = None

    @property
    def ledger(self) -> Ledger | None:
        return load(self.text) if self.text else None

    def build(self, *entries: Entry, now: datetime = NOON, accept: bool = True, **more: Any) -> dict[str, str]:
        """Publish *entries* at *now*; gives the identifier of each shown title."""
        self.last = publish(publication(*entries, **more), self.ledger, now, accept_removals=accept)
        self.text = dump(self.last.ledger)
        return {item.entry.title: item.id for item in self.last.documents.page.items}
