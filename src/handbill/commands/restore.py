"""Put a backup of the private state back.

Whoever may have got a message since it was made is in doubt, and not mailed again without your word. A state that is
newer, or another one, stays unless you say --replace.
"""

from argparse import ArgumentParser, Namespace
from datetime import UTC
from pathlib import Path

from handbill.commands.settings import common_options, settings_from
from handbill.deliver import journal, state, subscribers
from handbill.deliver.backup import restore


def options(parser: ArgumentParser) -> None:
    """Add the options of `restore`."""
    parser.add_argument("backup", metavar="FILE", help="what handbill backup has made")
    parser.add_argument("--replace", action="store_true", help="also in place of a state that is newer or another one;"
                        " that is kept beside")  # fmt: skip
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Restore, and tell what a person has to look at."""
    settings, file = settings_from(arguments), Path(arguments.backup)
    doubts = restore(settings.state, file, settings.now(UTC), replace=arguments.replace)
    with state.opened(settings.state) as connection:
        active = subscribers.count(connection).get("active", 0)
        print(f"{settings.state}: restored, {active} active subscribers, {len(journal.issues(connection))} issues")
    if doubts:
        print(f"{doubts} may have got their message since the backup: in doubt; handbill status names them, "
              "handbill send --resolve-doubt send|skip decides")  # fmt: skip
    print("who left since the backup is on the list again: before the next issue, handbill subscribers remove, or "
          "import the latest export")  # fmt: skip
    return 0
