"""Take in mail that came back: wishes to leave, bounces, complaints. From a Maildir, or one mail on standard input.

In an MTA's alias file: leave: "|handbill inbox -f /path/to/entries.toml". Safe to run twice on the same mail.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path

from handbill.commands.issues import site_id_of
from handbill.commands.letters import signer_of
from handbill.commands.publication import ledger_of, reading_of, tell_errors
from handbill.commands.settings import common_options, on_terminal, settings_from
from handbill.deliver import inbox, state


def options(parser: ArgumentParser) -> None:
    """Add the options of `inbox`."""
    parser.add_argument(
        "maildir", nargs="?", metavar="MAILDIR", help="the folder (default: one mail on standard input)"
    )
    parser.add_argument("--recipient", action="append", default=[], metavar="ADDRESS", help="the address to which the"
                        " mail was delivered, where its headers do not say so")  # fmt: skip
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Read, note, tell how much was noted; nothing is said of whom."""
    settings = settings_from(arguments)
    reading = reading_of(settings)
    if reading.publication is None:
        return tell_errors(settings, reading)
    now = settings.now(reading.publication.zone)
    with state.opened(settings.state) as connection:
        signer = signer_of(connection, site_id_of(reading.publication, ledger_of(settings.out)))
        if arguments.maildir:
            noted = inbox.take_in_maildir(connection, signer, Path(arguments.maildir), now)
        else:
            raw = sys.stdin.buffer.read(inbox.LONGEST)
            # Postfix and others tell a program so to whom the mail was addressed.
            told = [os.environ[name] for name in ("ORIGINAL_RECIPIENT", "RECIPIENT") if name in os.environ]
            noted = inbox.take_in(connection, signer, raw, now, [*arguments.recipient, *told])
    _tell(noted)
    return 0


def _tell(noted: Counter[str]) -> None:
    news = {what: count for what, count in sorted(noted.items()) if what != "already done"}
    if news:
        print(", ".join(f"{count} {what}" for what, count in news.items()))
    elif on_terminal():
        print("nothing new")
