"""Pure: what is public at a given moment.

What is published is a function of the file, the ledger and the moment; its result is documents and the next ledger.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from handbill.findings import Remark
from handbill.model import Publication
from handbill.publish.documents import lay_out
from handbill.publish.ledger import Ledger, Record, hash_of
from handbill.publish.life import live_on
from handbill.published import Documents


@dataclass(frozen=True, slots=True)
class Published:
    """What the world may see at a moment.

    *documents* are to be rendered, *ledger* is to be kept; *turns* are the moments at which the clock alone will
    change something, soonest first; *of_entry* is the record of each published entry by its number in the file.
    """

    documents: Documents
    ledger: Ledger
    turns: tuple[datetime, ...]
    remarks: tuple[Remark, ...]
    of_entry: Mapping[int, Record]


def publish(
    publication: Publication,
    ledger: Ledger | None,
    now: datetime,
    *,
    accept_removals: bool = False,
    preview: bool = False,
) -> Published:
    """Decide what is public at *now* (aware). *ledger* is None before the first build.

    In a *preview* so are drafts and what the future brings, marked as held back; its ledger is to be thrown away.
    Raises life.AccidentError where more than half of what was published is missing, unless *accept_removals*.
    """
    now = now.astimezone(UTC).replace(microsecond=0)
    site = publication.site
    before = ledger or Ledger()
    created = before.created or now
    # Identifiers are minted from a name that outlives the address: the first address stays that name.
    site_id = site.id or before.id or site.base
    publication = replace(publication, site=replace(site, id=site_id))
    lives = live_on(publication, before, site_id, now, accept_removals, preview)
    look = hash_of(publication.site)
    laid_out = lay_out(publication, before, lives, created, look, now)
    after = replace(
        before,
        id=site_id,
        created=created,
        look=look,
        records=laid_out.records,
        facets=laid_out.facet_titles,
        archives=laid_out.archives,
        schedules=_schedules(publication, before, now),
    )
    of_entry = {number: after.records[id_] for number, id_ in lives.of_entry.items()}
    remarks = lives.remarks
    if publication.digest and before.created:  # of a list that is new as a whole there is nothing to tell
        remarks += _backlog(before, of_entry)
    return Published(laid_out.documents, after, lives.turns, remarks, of_entry)


def _backlog(before: Ledger, of_entry: Mapping[int, Record]) -> tuple[Remark, ...]:
    """What is published for the first time and too old to be announced."""
    return tuple(
        Remark("N601", f"“{record.title}” is published, but not announced: its date is long past", entry=number)
        for number, record in of_entry.items()
        if record.backlog and record.id not in before.records
    )


def _schedules(publication: Publication, before: Ledger, now: datetime) -> Mapping[str, datetime]:
    """When each schedule of the digest was first seen, so that a changed one never makes an old date due."""
    if publication.digest is None:
        return before.schedules
    from handbill.publish.schedule import schedule_of, seen

    return seen(schedule_of(publication.digest, publication.site.timezone), before.schedules, now)
