"""Print the JSON Schema of the file, from which editing programs complete and explain its fields.

Save it beside entries.toml, and let the first line of that name it:

    handbill schema > entries.schema.json
    #:schema ./entries.schema.json
"""

import sys
from argparse import ArgumentParser, Namespace

from handbill.schema import schema


def options(_parser: ArgumentParser) -> None:
    """`schema` has no options."""


def run(_arguments: Namespace) -> int:
    """Print it."""
    sys.stdout.write(schema())
    return 0
