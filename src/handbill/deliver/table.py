"""Subscribers as CSV: in, with every bad row named and nobody brought back who left; out, with suppressions."""

import codecs
import csv
import io
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import NamedTuple, get_args

from handbill.dates import rfc3339
from handbill.deliver.addresses import Address, parse
from handbill.deliver.headings import Columns, columns_of
from handbill.deliver.state import forget_deleted, transaction
from handbill.deliver.subscribers import State, Subscriber, erase_within, everyone, insert, move
from handbill.deliver.tokens import Signer

COLUMNS = ("address", "name", "state", "since", "consent")
_ERASED = "erased:"
_RANK: dict[State, int] = {"active": 0, "bouncing": 1, "left": 2, "complained": 3}
"""What outweighs what, when two sources say different things of one person."""


class Row(NamedTuple):
    """One person of a file. *line* counts from 1; *erased* is the keyed hash of one who was erased elsewhere.

    *since* is the date of the *state*, where the file has one.
    """

    line: int
    address: Address | None
    name: str
    state: State
    consent: str
    since: datetime | None = None
    erased: str = ""


class BadRow(NamedTuple):
    """A line that cannot be taken, and why. *text* is what it holds in place of an address."""

    line: int
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: *rows* that are right, *bad* ones, and *doubled*: lines that name an address again."""

    rows: Sequence[Row]
    bad: Sequence[BadRow]
    doubled: Sequence[int] = ()


@dataclass(slots=True)
class Imported:
    """What came of it: how many are *new*, how many *known* already as active, who was *kept_out* and why."""

    new: int = 0
    known: int = 0
    suppressed: int = 0
    kept_out: list[tuple[int, Subscriber]] = field(default_factory=list)


def read_table(raw: bytes, *, state: State = "active") -> Table:
    """Read CSV in UTF-8, UTF-16 or Windows' own encoding, split at commas, semicolons or tabs, as spreadsheets do.

    The first line may name the columns (see `headings`); those without a state of their own are in *state*.
    """
    if raw.startswith(b"PK\x03\x04"):
        why = "this is a spreadsheet or an archive, not CSV: open it, save it as “CSV UTF-8”, and import that"
        return Table([], [BadRow(1, why, "")])
    text = _decoded(raw).replace("\0", "")
    skipped, delimiter = _delimiter(text)
    csv.field_size_limit(1 << 20)
    lines = text.splitlines(keepends=True)[skipped:] if skipped else io.StringIO(text, newline="")
    bad: list[BadRow] = []
    cells = _numbered(csv.reader(iter(lines), delimiter=delimiter, strict=True), skipped, bad)
    found: dict[str, Row] = {}
    doubled: list[int] = []
    for line, values in _named(list(cells)):
        try:
            row = _row(line, values, state)
        except ValueError as error:
            bad.append(BadRow(line, str(error), values.get("address", "")))
            continue
        key = row.erased or (row.address.match if row.address else "")
        if key in found:
            doubled.append(line)
        if key not in found or _RANK[row.state] > _RANK[found[key].state]:
            found[key] = row
    return Table(list(found.values()), sorted(bad), doubled)


def _decoded(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    start = raw[:200]
    for nulls, encoding in ((start[1::2], "utf-16-le"), (start[::2], "utf-16-be")):
        if len(nulls) > 4 and nulls.count(0) > len(nulls) * 0.7:
            return raw.decode(encoding, "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _delimiter(text: str) -> tuple[int, str]:
    """How many lines say nothing but what divides the cells (Excel's ``sep=;``), and what that is."""
    first = text.lstrip("\ufeff\r\n ").split("\n", 1)[0].rstrip("\r")
    if told := re.fullmatch(r'"?sep=([,;\t|])"?[,;\t|]*', first, re.IGNORECASE):
        return 1, told[1]
    unquoted = re.sub(r'"[^"]*"', "", first)
    return 0, max(",;\t", key=unquoted.count)


def _numbered(reader: Iterator[list[str]], skipped: int, bad: list[BadRow]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, by its first line; one that is no CSV is *bad*."""
    line = 1 + skipped
    while True:
        try:
            cells = next(reader)
            if any(cell.strip() for cell in cells):
                yield line, cells
        except StopIteration:
            return
        except csv.Error as error:
            why = "a quotation mark is not closed, and takes all that follows with it" if "end of" in str(error) else (
                f"this row is no CSV ({error})"
            )  # fmt: skip
            bad.append(BadRow(line, why, ""))
        line = reader.line_num + 1 + skipped  # type: ignore[attr-defined]


def _named(rows: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    columns: Columns = columns_of([cells for _, cells in rows[:50]])
    for line, cells in rows[columns.skip :]:
        yield (
            line,
            {
                name: " ".join(filter(None, (_bare(cells[at]) for at in places if at < len(cells))))
                for name, places in columns.places.items()
            },
        )


def _bare(cell: str) -> str:
    return cell.strip().strip("\ufeff\u200b\u2060").strip()


def _row(line: int, values: dict[str, str], state: State) -> Row:
    text = values.get("address", "").removeprefix("mailto:")
    since = _moment(values.get("left", "") or values.get("bounced", "") or values.get("since", ""))
    state = _state(values, state)
    if text.startswith(_ERASED):
        return Row(line, None, "", "complained" if state == "complained" else "left", "", since,
                   text.removeprefix(_ERASED))  # fmt: skip
    if not text:
        raise ValueError("there is no address in this line")
    name = _as_meant(values.get("name", ""))
    if text.endswith(">"):  # as in a mail's header
        before, text = parseaddr(text)
        name = name or before
    return Row(line, parse(text), " ".join(name.split()), state, _as_meant(values.get("consent", "")), since)


def _moment(text: str) -> datetime | None:
    """A date as programs write it; without an offset it is taken for universal time."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None


_ACTIVE = ("subscribed", "confirmed", "enabled", "regular", "yes", "true", "1")
_LEFT = ("unsubscribed", "removed", "erased", "blocklisted", "disabled", "opted out", "no", "false", "0")
_BOUNCING = ("bounced", "cleaned", "undeliverable")


def _state(values: dict[str, str], state: State) -> State:
    """What the line itself says, by its state or by a date on which the person left; else *state*."""
    text = values.get("state", "")
    wanted = text.casefold()
    said: State | None = next((each for each in get_args(State) if each == wanted), None)
    said = said or ("active" if wanted in _ACTIVE else "left" if wanted in _LEFT else None)
    said = said or ("bouncing" if wanted in _BOUNCING else None)
    if text and said is None:
        raise ValueError(f"the state {text!r} is none of active, left, bouncing, complained")
    dated: State = "left" if values.get("left") else "bouncing" if values.get("bounced") else "active"
    return max(said or state, dated, key=_RANK.__getitem__)


def import_rows(
    connection: sqlite3.Connection, signer: Signer, rows: Sequence[Row], *, consent: str, now: datetime
) -> Imported:
    """Take *rows* in, all or none. *consent* (when and how they asked) stands for each that has none of its own.

    Nobody who left, bounces, complained or was erased is brought back; a row that says so of somebody is believed.
    Raises DeliveryError when all is done and traces of one who was erased stay for a while.
    """
    result = Imported()
    gone, traces = {row.erased for row in rows if row.erased}, False
    with transaction(connection):
        known = {signer.handle(each.match) if each.match else each.hash: each for each in everyone(connection)}
        for row in rows:
            handle = row.erased or signer.handle(row.address.match if row.address else "")
            before = known.get(handle)
            if handle in gone and not row.erased:  # another row of this file says that they were erased
                continue
            if before is None:
                _take_in(connection, row, handle, consent, now)
                result.new += row.state == "active"
                result.suppressed += row.state != "active"
            elif row.erased and before.match:
                erase_within(connection, signer, before, now)
                traces = True
                result.suppressed += 1
            elif _RANK[row.state] > _RANK[before.state]:
                move(connection, before.id, row.state, min(row.since or now, now), row.state, "imported so")
                result.suppressed += 1
            elif before.state == "active":
                result.known += 1
            elif row.state == "active":
                result.kept_out.append((row.line, before))
    if traces:
        forget_deleted(connection)
    return result


def _take_in(connection: sqlite3.Connection, row: Row, handle: str, consent: str, now: datetime) -> None:
    since = min(row.since or now, now)
    if row.address is None:
        connection.execute(
            "INSERT INTO subscriber (hash, state, since) VALUES (?, ?, ?)", [handle, row.state, rfc3339(since)]
        )
        return
    how = "imported" if row.state == "active" else f"imported as {row.state}"
    insert(connection, row.address, row.name, row.state, since, row.consent or consent, how, at=now)


def export(subscribers: Iterable[Subscriber]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180) that `read_table` reads back; who was erased is a keyed hash in it.

    A cell that a spreadsheet would take for a formula is preceded by an apostrophe, addresses excepted.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for each in subscribers:
        if each.hash and each.hash.startswith("replaced:"):
            continue
        address = each.address if each.address is not None else f"{_ERASED}{each.hash}"
        writer.writerow([address, _harmless(each.name), each.state, rfc3339(each.since), _harmless(each.consent)])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


_FORMULA = tuple("=+-@\t\r")


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def _as_meant(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
