"""The W3C feed validator finds nothing wrong.

None of it is here: ``FEEDVALIDATOR`` names the folder ``src`` of a copy of it (CONTRIBUTING.md tells how to get one).
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

VALIDATOR = os.environ.get("FEEDVALIDATOR", "")
ATOM = "{http://www.w3.org/2005/Atom}"

CODE = """
import json, sys
from pathlib import Path
import feedvalidator
from feedvalidator.compatibility import AA
from feedvalidator.logging import ArchiveIncomplete, DuplicateUpdated, UnknownNamespace

told = {}
for path, base in json.load(sys.stdin):
    found = feedvalidator.validateString(Path(path).read_bytes(), base=base)
    told[path] = {"type": found["feedType"], "events": [
        f"{type(event).__name__} {event.params}"
        for event in AA(found["loggedEvents"])
        if not isinstance(event, UnknownNamespace)
        and not (isinstance(event, DuplicateUpdated) and "updated together" in sys.argv)
        and not (isinstance(event, ArchiveIncomplete) and "/archive/1.xml" in path and "archives" in sys.argv)
    ]}
print(json.dumps(told))
"""

pytestmark = pytest.mark.skipif(not VALIDATOR, reason="FEEDVALIDATOR names no copy of the W3C feed validator")


def test_no_error_and_no_warning(feeds: Path) -> None:
    assert _validated(feeds) == _nothing(feeds)


def test_no_error_and_no_warning_for_any_list(list_feeds: Path) -> None:
    """But two: entries that were withdrawn in one build, or are revised as of one day, say the same moment.

    Atom allows that (RFC 4287, section 4.2.15), and what `published` says tells them apart. And the oldest archive
    document leads to no other (RFC 5005, section 4): what came before it there is not, and what follows came later.
    """
    assert _validated(list_feeds, "updated together", "archives") == _nothing(list_feeds)


def _nothing(feeds: Path) -> dict[str, object]:
    """What the validator has to say where nothing is wrong."""
    documents = sorted(feeds.rglob("*.xml"))
    assert {feeds / "atom.xml", feeds / "rss.xml"} <= set(documents)
    return {str(path): {"type": 2 if path.name == "rss.xml" else 3, "events": []} for path in documents}


def _validated(feeds: Path, *words: str) -> Any:
    """What the validator says of each document, as if it were read where it says that it is."""
    documents = [(str(path), _self(path)) for path in sorted(feeds.rglob("*.xml"))]
    answer = subprocess.run(
        [sys.executable, "-c", CODE, *words],
        input=json.dumps(documents).encode(),
        env={**os.environ, "PYTHONPATH": VALIDATOR},
        capture_output=True,
        check=True,
    )
    return json.loads(answer.stdout)


def _self(document: Path) -> str:
    return next(link.get("href", "") for link in etree.parse(document).iter(f"{ATOM}link") if link.get("rel") == "self")
