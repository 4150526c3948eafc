"""Who gets the digest: list, show, add, remove, erase, import and export subscribers."""

import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import get_args

from handbill.commands.steps.lists import opened_list
from handbill.commands.steps.settings import common_options, settings_from
from handbill.dates import rfc3339
from handbill.deliver import subscribers, table
from handbill.deliver.addresses import Address, parse
from handbill.deliver.errors import DeliveryError
from handbill.deliver.tokens import Signer

SHOWN = 20
"""How many bad rows of an import are shown."""


def options(parser: ArgumentParser) -> None:
    """Add the options of `subscribers`."""
    what = parser.add_subparsers(dest="what", required=True, metavar="list|show|add|remove|import|export")
    listing = what.add_parser("list", help="all of them, or those in one state")
    listing.add_argument("which", nargs="?", choices=get_args(subscribers.State))
    showing = what.add_parser("show", help="all that is known of one")
    adding = what.add_parser("add", help="one who asked for it")
    adding.add_argument("--name", default="", help="what they are called")
    adding.add_argument("--again", action="store_true", help="although they left, bounced, complained or were erased")
    removing = what.add_parser("remove", help="one who wants to leave")
    removing.add_argument("--erase", action="store_true", help="forget who it was: only a keyed hash stays")
    importing = what.add_parser("import", help="a CSV file of those who asked for it")
    importing.add_argument("path", metavar="FILE", help="CSV, - for standard input")
    importing.add_argument("--as", dest="standing", choices=get_args(subscribers.State), default="active",
                           help="what they are where the file does not say so (default: active)")  # fmt: skip
    importing.add_argument("--skip-bad", action="store_true", help="take the good rows although others are bad")
    exporting = what.add_parser("export", help="all as CSV, those who left too, to standard output")
    adding.add_argument("--consent", required=True, metavar="TEXT", help="when and how they asked for it")
    importing.add_argument("--consent", default="", metavar="TEXT", help="the same, for those of whom the file does not"
                           " say it")  # fmt: skip
    for each in (showing, adding, removing):
        each.add_argument("address")
    for each in (listing, showing, adding, removing, importing, exporting):
        common_options(each)


def run(arguments: Namespace) -> int:
    """Open the private state and do the one thing."""
    with opened_list(settings_from(arguments)) as its:
        connection, signer, now = its.connection, its.signer, its.now
        match arguments.what:
            case "list":
                _list(connection, arguments.which)
            case "export":
                sys.stdout.writelines(table.export(subscribers.everyone(connection)))
            case "import":
                _import(connection, signer, arguments, now)
            case "add":
                _add(connection, signer, arguments, now)
            case "remove":
                _remove(connection, signer, arguments, now)
            case _:
                _show(connection, signer, arguments.address)
    return 0


def _list(connection: sqlite3.Connection, wanted: subscribers.State | None) -> None:
    for each in subscribers.everyone(connection, wanted):
        shown = f"{each.name} <{each.address}>" if each.name else each.address
        print(f"{each.state:<11} {rfc3339(each.since)[:10]}  {shown or '(erased)'}")
    counts = subscribers.count(connection)
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nobody yet", file=sys.stderr)


def _address(text: str) -> Address:
    try:
        return parse(text)
    except ValueError as error:
        raise DeliveryError(f"this is no mail address: {error}", "settings") from error


def _known(connection: sqlite3.Connection, signer: Signer, text: str) -> subscribers.Subscriber:
    found = subscribers.find(connection, _address(text).match, signer)
    if found is None:
        raise DeliveryError("that address is not on the list", "settings")
    return found


def _show(connection: sqlite3.Connection, signer: Signer, text: str) -> None:
    found = _known(connection, signer, text)
    print(f"{found.address or '(erased)'}{f' ({found.name})' if found.name else ''}: {found.state} since "
          f"{rfc3339(found.since)}")  # fmt: skip
    for event in subscribers.events(connection, found.id):
        about = f" (issue {event.issue})" if event.issue else ""
        print(f"  {rfc3339(event.at)}  {event.what}{about}{f': {event.evidence}' if event.evidence else ''}")


def _add(connection: sqlite3.Connection, signer: Signer, arguments: Namespace, now: datetime) -> None:
    try:
        added = subscribers.add(
            connection, signer, _address(arguments.address), name=arguments.name, consent=arguments.consent, now=now,
            again=arguments.again,
        )  # fmt: skip
    except subscribers.SuppressedError as error:
        known = error.subscriber
        raise DeliveryError(
            f"that address is {known.state} since {rfc3339(known.since)[:10]} and was not added. If they have asked "
            "again themselves: --again, with --consent saying when and how",
            "settings",
        ) from error
    print("added" if added else "already on the list")


def _remove(connection: sqlite3.Connection, signer: Signer, arguments: Namespace, now: datetime) -> None:
    found = _known(connection, signer, arguments.address)
    changed = subscribers.leave(connection, found.id, now, subscribers.BY_OPERATOR)
    if arguments.erase:
        subscribers.erase(connection, signer, found, now)
        print("erased: only a keyed hash stays, so that an import leaves them out")
    else:
        print("removed" if changed else f"was {found.state} already")


def _import(connection: sqlite3.Connection, signer: Signer, arguments: Namespace, now: datetime) -> None:
    """All or nothing, unless the bad rows are to be passed over."""
    found = table.read_table(_contents(arguments.path), state=arguments.standing)
    for bad in found.bad[:SHOWN]:
        print(f"{arguments.path}:{bad.line}: {bad.why}", file=sys.stderr)
    if len(found.bad) > SHOWN:
        print(f"... and {len(found.bad) - SHOWN} more", file=sys.stderr)
    if found.bad and not arguments.skip_bad:
        raise DeliveryError(
            f"nothing was imported: {len(found.bad)} of {len(found.bad) + len(found.rows)} rows are bad. Mend them, or "
            "take the others: --skip-bad",
            "settings",
        )
    unsaid = sum(row.state == "active" and not (row.consent or arguments.consent.strip()) for row in found.rows)
    if unsaid:
        raise DeliveryError(
            f"nothing was imported: of {unsaid} nobody knows when and how they asked for it. Say it: --consent TEXT",
            "settings",
        )
    result = table.import_rows(connection, signer, found.rows, consent=arguments.consent, now=now)
    out = Counter(each.state for _, each in result.kept_out)
    parts = [f"{result.new} new", f"{result.known} known already"]
    parts += [f"{result.suppressed} suppressed"] if result.suppressed else []
    parts += [f"{len(found.doubled)} twice in the file"] if found.doubled else []
    parts += [f"{count} kept out ({name} before)" for name, count in sorted(out.items())]
    print(", ".join(parts))


def _contents(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise DeliveryError(f"{path} cannot be read ({error.strerror})", "settings") from error
