"""Write a file to start from: one site, one entry, and words that tell what else there is."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from handbill.commands.steps.settings import SettingsError, common_options, settings_from
from handbill.write import put_files

START = """\
#:schema ./entries.schema.json

# Everything that is published is made from this file. `handbill check` tells what is wrong in it, with the line and
# what to write instead; `handbill build` makes the folder feeds/.

[site]
title = "The name of the publication"
# Where the folder feeds/ will be served:
url = "https://example.org/"
author = "Who publishes it"
lang = "en"
timezone = "UTC"

# A monthly digest by e-mail. Without a sender (`from`) it is made, and never sent.
[digest]

# The newest entry stands first. Only `date` and `title` must be there; what is not known is left out.
[[entry]]
date = {today}
title = "The first entry"
summary = "What it is about, in a sentence or two."
draft = true # seen by nobody yet: take this line out to publish it
"""


def options(parser: ArgumentParser) -> None:
    """Add the options of `init`."""
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Write the file, and the schema from which editing programs complete it, unless there is one already."""
    from datetime import UTC

    from handbill.schema import schema

    settings = settings_from(arguments)
    file: Path = settings.file
    if file.exists():
        raise SettingsError(f"{file} is there already and stays as it is; name another with -f PATH")
    text = START.format(today=settings.now(UTC).date())
    put_files(file.parent, [("entries.schema.json", schema().encode()), (file.name, text.encode())])
    print(f"{file} is written; open it, then: handbill check")
    return 0
