"""Subscribers as CSV: in, with every bad row named and nobody brought back who left; out, with suppressions."""

import csv
import io
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, get_args

from handbill.dates import rfc3339
from handbill.deliver.addresses import Address, parse
from handbill.deliver.state import transaction
from handbill.deliver.subscribers import State, Subscriber, everyone, insert, record
from handbill.deliver.tokens import Signer

COLUMNS = ("address", "name", "state", "since", "consent")
_HEADINGS = {
    "address": ("address", "email", "e-mail", "mail", "email address", "e-mail address", "mail address", "correo",
                "correo electrónico", "adresse", "courriel"),
    "name": ("name", "full name", "display name", "nombre", "nom"),
    "state": ("state", "status"),
    "consent": ("consent", "how", "consentimiento"),
    "since": ("since", "date", "joined"),
}  # fmt: skip
_ERASED = "erased:"


class Row(NamedTuple):
    """One person of a file. *line* counts from 1; *erased* is the keyed hash of one who was erased elsewhere."""

    line: int
    address: Address | None
    name: str
    state: State
    consent: str
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


def read_table(raw: bytes) -> Table:
    """Read CSV: UTF-8 (or Windows' own, which spreadsheets write), split at commas, semicolons or tabs.

    The first line may name the columns (address, name, state, since, consent, in any order, others are passed over);
    without such a line the first column holds the addresses, and the second the names.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    text = text.replace("\0", "")
    csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: list[Row] = []
    bad: list[BadRow] = []
    doubled: list[int] = []
    seen: set[str] = set()
    columns: dict[str, int] | None = None
    for line, cells in _numbered(reader, bad):
        if columns is None:
            columns = _columns(cells)
            if columns:
                continue
            columns = {"address": 0, "name": 1}
        values = {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}
        try:
            row = _row(line, values)
        except ValueError as error:
            bad.append(BadRow(line, str(error), values.get("address", "")))
            continue
        key = row.erased or (row.address.match if row.address else "")
        if key in seen:
            doubled.append(line)
        else:
            seen.add(key)
            rows.append(row)
    return Table(rows, bad, doubled)


def _delimiter(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _numbered(reader: Iterator[list[str]], bad: list[BadRow]) -> Iterator[tuple[int, list[str]]]:
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            bad.append(BadRow(line, f"this is no CSV from here on ({error})", ""))
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    names = [cell.strip().casefold() for cell in cells]
    found = {
        column: names.index(heading)
        for column, headings in _HEADINGS.items()
        for heading in reversed(headings)
        if heading in names
    }
    return found if "address" in found else None


def _row(line: int, values: dict[str, str]) -> Row:
    text = values.get("address", "")
    state = _state(values.get("state", ""))
    if text.startswith(_ERASED):
        return Row(line, None, "", state, "", text.removeprefix(_ERASED))
    if not text:
        raise ValueError("there is no address in this line")
    name = " ".join(_as_meant(values.get("name", "")).split())
    return Row(line, parse(text), name, state, _as_meant(values.get("consent", "")))


def _state(text: str) -> State:
    wanted = text.casefold()
    for state in get_args(State):
        if wanted == state:
            return state  # type: ignore[no-any-return]
    if wanted in ("", "subscribed", "confirmed", "enabled"):
        return "active"
    if wanted in ("unsubscribed", "removed", "erased", "blocklisted"):
        return "left"
    if wanted in ("bounced", "cleaned", "undeliverable"):
        return "bouncing"
    raise ValueError(f"the state {text!r} is none of active, left, bouncing, complained")


def import_rows(
    connection: sqlite3.Connection, signer: Signer, rows: Iterable[Row], *, consent: str, now: datetime
) -> Imported:
    """Take *rows* in, all or none. *consent* (when and how they asked) stands for each that has none of its own.

    Nobody who left, bounces, complained or was erased is brought back; a row that says so of somebody is believed.
    """
    result = Imported()
    with transaction(connection):
        known = {each.match or each.hash: each for each in everyone(connection)}
        for row in rows:
            handle = row.erased or signer.handle(row.address.match if row.address else "")
            before = known.get(row.address.match if row.address else None) or known.get(handle)
            if before is None:
                _take_in(connection, row, handle, consent, now)
                result.new += row.state == "active" and not row.erased
                result.suppressed += row.state != "active" or bool(row.erased)
            elif before.state == "active" and row.state != "active":
                connection.execute(
                    "UPDATE subscriber SET state = ?, since = ? WHERE id = ?", [row.state, rfc3339(now), before.id]
                )
                record(connection, before.id, now, row.state, "imported so")
                result.suppressed += 1
            elif before.state == "active":
                result.known += 1
            elif row.state == "active":
                result.kept_out.append((row.line, before))
    return result


def _take_in(connection: sqlite3.Connection, row: Row, handle: str, consent: str, now: datetime) -> None:
    if row.address is None:
        connection.execute(
            "INSERT INTO subscriber (hash, state, since) VALUES (?, ?, ?)",
            [handle, "complained" if row.state == "complained" else "left", rfc3339(now)],
        )
        return
    how = "imported" if row.state == "active" else f"imported as {row.state}"
    insert(connection, row.address, row.name, row.state, now, row.consent or consent, how)


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
