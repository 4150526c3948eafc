"""Put a backup of the private state back.

Whoever may have got a message since it was made is in doubt, and not mailed again without your word. A state that is
newer, or another one, stays unless you say --replace.
"""

from argparse import ArgumentParser, Namespace
from datetime import UTC
from pathlib import Path

from handbill.commands.steps.settings import common_options, settings_from
from handbill.dates import rfc3339
from handbill.deliver import journal, state, subscribers
from handbill.deliver.backup import restore


def options(parser: ArgumentParser) -> None:
    """Add the options of `restore`."""
    parser.add_argument("backup", metavar="FILE", help="what handbill backup has made")
    parser.add_argument("--replace", action="store_true", help="also in place of a state that is newer or another one;"
                        " that is kept beside")  # fmt: skip
    parser.add_argument("--new-secret", action="store_true", help="the secret that signs links is lost: begin another."
                        " Links already sent stop working, and who was erased is not known again")  # fmt: skip
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Restore, and tell what a person has to look at."""
    settings, file = settings_from(arguments), Path(arguments.backup)
    restored = restore(
        settings.state, file, settings.now(UTC), replace=arguments.replace, new_secret=arguments.new_secret
    )
    with state.opened(settings.state) as connection:
        active = subscribers.count(connection).get("active", 0)
        print(f"{settings.state}: restored, {active} active subscribers, {len(journal.issues(connection))} issues")
    if restored.doubts:
        print(f"{restored.doubts} may have got their message since the backup: in doubt; handbill status names them, "
              "handbill send --resolve-doubt send|skip decides")  # fmt: skip
    if restored.stay_off:
        print(f"{restored.stay_off} of the backup's active subscribers had left since and stay off the list")
    when = f"after {rfc3339(restored.last)}" if restored.last else "since it was made"
    print(f"the backup knows of nothing {when}. Who left then is on the list again, unless told above: let handbill "
          "inbox read the mail of that time once more, and remove whom you know of")  # fmt: skip
    return 0
