"""The W3C feed validator finds nothing wrong.

None of it is here: ``FEEDVALIDATOR`` names the folder ``src`` of a copy of it (CONTRIBUTING.md tells how to get one).
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from publication import FILE

SITE = tomllib.loads(FILE.read_text(encoding="utf-8"))["site"]
VALIDATOR = os.environ.get("FEEDVALIDATOR", "")

CODE = """
import json, sys
import feedvalidator
from feedvalidator.compatibility import AA
from feedvalidator.logging import UnknownNamespace

found = feedvalidator.validateString(sys.stdin.buffer.read(), base=sys.argv[1])
print(json.dumps({"type": found["feedType"], "events": [
    f"{type(event).__name__} {event.params}"
    for event in AA(found["loggedEvents"])
    if not isinstance(event, UnknownNamespace)
]}))
"""


@pytest.mark.skipif(not VALIDATOR, reason="FEEDVALIDATOR names no copy of the W3C feed validator")
def test_no_error_and_no_warning(feeds: Path) -> None:
    documents = {path: _validated(path, feeds) for path in sorted(feeds.rglob("*.xml"))}
    assert documents == {path: {"type": 2 if path.name == "rss.xml" else 3, "events": []} for path in documents}
    assert {feeds / "atom.xml", feeds / "rss.xml"} <= documents.keys()


def _validated(document: Path, feeds: Path) -> Any:
    """What the validator says of *document*, as if it were read where the publication is served."""
    base = SITE["url"].rstrip("/") + "/" + document.relative_to(feeds).as_posix()
    answer = subprocess.run(
        [sys.executable, "-c", CODE, base],
        input=document.read_bytes(),
        env={**os.environ, "PYTHONPATH": VALIDATOR},
        capture_output=True,
        check=True,
    )
    return json.loads(answer.stdout)
