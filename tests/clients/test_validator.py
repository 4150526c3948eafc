"""The W3C feed validator finds nothing wrong.

None of it is here: ``FEEDVALIDATOR`` names the folder ``src`` of a copy of it (CONTRIBUTING.md tells how to get one).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
@pytest.mark.parametrize(("document", "kind"), [("atom.xml", 3), ("rss.xml", 2)])
def test_no_error_and_no_warning(feeds: Path, document: str, kind: int) -> None:
    base = "https://example.org/secure-communities/" + document
    answer = subprocess.run(
        [sys.executable, "-c", CODE, base],
        input=(feeds / document).read_bytes(),
        env={**os.environ, "PYTHONPATH": VALIDATOR},
        capture_output=True,
        check=True,
    )
    assert json.loads(answer.stdout) == {"type": kind, "events": []}
