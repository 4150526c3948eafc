"""Entries that seem to be the same: with one identifier, one address, or one title."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from handbill.read.checking import OTHER_LINE, Checking, Defect, Seen
from handbill.read.meaning import day_of
from handbill.read.values.kinds import short


def of_entries(entries: Iterable[Seen], checking: Checking) -> None:
    """Tell of entries that seem to be the same: by identifier, by address, or by title."""
    ids: dict[str, Seen] = {}
    addresses: dict[str, Seen] = {}
    titles: dict[tuple[Any, ...], Seen] = {}
    summaries: dict[tuple[str, str], Seen] = {}
    for each in entries:
        values = each.values
        if "id" in values and (first := ids.setdefault(values["id"], each)) is not each:
            hint = "an identifier belongs to one entry for ever: take it out of the one that was copied"
            _twice(
                checking,
                "E504",
                f"this `id` stands in {OTHER_LINE} too: {short(values['id'])}",
                hint,
                each,
                first,
                "id",
            )
            continue
        if values.get("draft"):
            continue
        if "url" in values and (first := addresses.setdefault(values["url"], each)) is not each:
            if _meet(each, first, checking):
                title = first.values.get("title", "another entry")
                hint = "take one of them out; for a revision set `updated` in the first"
                _twice(
                    checking,
                    "W505",
                    f"this address stands in {OTHER_LINE} too, in “{short(title)}”",
                    hint,
                    each,
                    first,
                    "url",
                )
            continue
        _same_title(each, titles, summaries, checking)


def _same_title(
    each: Seen, titles: dict[tuple[Any, ...], Seen], summaries: dict[tuple[str, str], Seen], checking: Checking
) -> None:
    values = each.values
    title = values.get("title", "")
    if not title:
        return
    about = tuple(values.get(name) for name in ("date", "lang", "kind", "publisher"))
    same = titles.setdefault((title.casefold(), *about), each)
    if same is each and "summary" in values:
        same = summaries.setdefault((title, values["summary"]), each)
    if same is not each and _meet(each, same, checking):
        what = (
            "this title with this day"
            if values.get("date") == same.values.get("date")
            else "this title with this summary"
        )
        hint = "take one of them out, or tell them apart in the title"
        _twice(checking, "W514", f"{what} stands in {OTHER_LINE} too", hint, each, same, "title")


def _meet(one: Seen, other: Seen, checking: Checking) -> bool:
    """Whether there can be a day on which both are shown, and none was taken back; not if their dates are not known."""
    if any(checking.lost(each.path, name) for each in (one, other) for name in ("date", "expires", "withdrawn")):
        return False
    if "withdrawn" in one.values or "withdrawn" in other.values:
        return False
    ends = min(each.values.get("expires", date.max) for each in (one, other))
    starts = max(day_of(each.values.get("date", date.min)) for each in (one, other))
    return bool(starts <= ends)


def _twice(checking: Checking, code: str, message: str, hint: str, each: Seen, first: Seen, name: str) -> None:
    checking.defects.append(Defect(code, message, hint, (*each.path, name), also=(*first.path, name)))
