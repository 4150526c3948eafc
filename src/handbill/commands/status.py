"""Tell how the deliveries stand: how many in each state, and who is in doubt, refused or deferred in whose words."""

import sqlite3
from argparse import ArgumentParser, Namespace

from handbill.commands.settings import common_options, settings_from
from handbill.dates import rfc3339
from handbill.deliver import journal, state, subscribers

SHOWN: tuple[journal.State, ...] = ("in doubt", "refused", "deferred")
"""States whose recipients are named."""

MOST = 20


def options(parser: ArgumentParser) -> None:
    """Add the options of `status`."""
    parser.add_argument("--all", action="store_true", help="name everybody, also who waits or was accepted")
    parser.add_argument("--issue", metavar="YYYY-MM-DD", help="that issue alone (default: those of the last year)")
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Print a few lines for each issue. For the operator's eyes: addresses are named."""
    settings = settings_from(arguments)
    if not (settings.state / state.FILE).exists():
        print("nothing was sent yet, and nobody subscribes")
        return 0
    with state.opened(settings.state) as connection:
        counts = subscribers.count(connection)
        told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        print(f"subscribers: {told or 'none'}")
        for issue in journal.issues(connection)[-12:]:
            if arguments.issue in (None, issue.key):
                _tell(connection, issue, everybody=arguments.all)
    return 0


def _tell(connection: sqlite3.Connection, issue: journal.Issue, *, everybody: bool) -> None:
    counts = journal.counts(connection, issue)
    numbers = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nobody"
    how = "paused" if issue.paused and not issue.finished else "done" if issue.finished else "under way"
    print(f"issue {issue.name} “{issue.subject}”, {how if issue.known else 'in doubt as a whole'}: {numbers}")
    if issue.paused and not issue.finished:
        print(f"  paused: {issue.paused}")
    for name in counts if everybody else SHOWN:
        for number, each in enumerate(journal.told(connection, issue, name)):
            if number >= MOST and not everybody:
                print(f"  ... and {counts[name] - MOST} more {name} (--all names them)")
                break
            again = f", again {rfc3339(each.due)}" if each.due and name == "deferred" else ""
            print(f"  {name} {rfc3339(each.changed)}{again}  {each.address or '(erased)'}: {each.words or '-'}")
