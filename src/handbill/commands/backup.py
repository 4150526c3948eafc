"""Copy the private state (subscribers, journal) into one file. A run may be at work meanwhile.

The secret that signs the links is not in it: keep a copy of that apart.
"""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from handbill.commands.steps.letters import config_folder
from handbill.commands.steps.settings import common_options, settings_from
from handbill.deliver.backup import back_up


def options(parser: ArgumentParser) -> None:
    """Add the options of `backup`."""
    parser.add_argument("backup", metavar="FILE", help="where to; an earlier backup is replaced")
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Make the backup, and tell what it does not hold."""
    settings, file = settings_from(arguments), Path(arguments.backup)
    back_up(settings.state, file)
    print(f"{file}: the private state of {settings.state}. Keep it where nobody else reads it")
    print(f"not in it: the secret that signs links ({_secret()}); keep a copy of it apart")
    return 0


def _secret() -> str:
    """Where the secret stands."""
    if os.environ.get("HANDBILL_KEY"):
        return "HANDBILL_KEY"
    return os.environ.get("HANDBILL_KEY_FILE") or str(config_folder(os.environ) / "key")
