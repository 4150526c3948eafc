"""Take in mail that came back: wishes to leave, bounces, complaints. From a Maildir, or one mail on standard input.

In an MTA's alias file: leave: "|handbill inbox -f /path/to/entries.toml". Safe to run twice on the same mail.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path

from handbill.commands.steps.lists import opened_list
from handbill.commands.steps.settings import Settings, common_options, on_terminal, settings_from
from handbill.deliver import inbox
from handbill.deliver.errors import DeliveryError
from handbill.failure import FailureError


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
    if arguments.maildir:
        with opened_list(settings) as its:
            _tell(inbox.take_in_maildir(its.connection, its.signer, Path(arguments.maildir), its.now))
    else:
        try:
            _tell(_from_pipe(settings, arguments.recipient))
        except FailureError as error:  # of any other status the MTA would tell whoever wrote, and not come again
            raise DeliveryError(f"{error}; the mail is to be handed over once more", "passing") from error
    return 0


def _from_pipe(settings: Settings, recipients: list[str]) -> Counter[str]:
    # Postfix and others tell a program so to whom the mail was addressed.
    told = [os.environ[name] for name in ("ORIGINAL_RECIPIENT", "RECIPIENT") if name in os.environ]
    with opened_list(settings) as its:
        raw = sys.stdin.buffer.read(inbox.LONGEST)
        return inbox.take_in(its.connection, its.signer, raw, its.now, [*recipients, *told])


def _tell(noted: Counter[str]) -> None:
    news = {what: count for what, count in sorted(noted.items()) if what != "already done"}
    if news:
        print(", ".join(f"{count} {what}" for what, count in news.items()))
    elif on_terminal():
        print("nothing new")
