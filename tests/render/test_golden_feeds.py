"""Each folder of ``tests/golden`` with a ``feed.toml``: that feed is rendered to the byte as it stands beside it.

After a change that is meant, ``RENEW_GOLDEN=1 pytest tests/render/test_golden_feeds.py`` writes them anew; the diff is
what a reader of the feeds will get.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from feeds import feed_from

from handbill.published import Feed
from handbill.render.atom import atom
from handbill.render.json_feed import json_feed
from handbill.render.readback import Format, check
from handbill.render.rss import rss

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/feed.toml"))

FORMATS: list[tuple[str, Format, Callable[[Feed], bytes]]] = [
    ("atom.xml", "atom", atom),
    ("rss.xml", "rss", rss),
    ("feed.json", "json", json_feed),
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("name", "format_", "render"), FORMATS, ids=[each[1] for each in FORMATS])
def test_as_it_stands(case: str, name: str, format_: Format, render: Callable[[Feed], bytes]) -> None:
    feed = feed_from((GOLDEN / case / "feed.toml").read_text(encoding="utf-8"))
    made = render(feed)
    check(feed, made, format_)
    expected = GOLDEN / case / name
    if os.environ.get("RENEW_GOLDEN"):
        expected.write_bytes(made)
    assert made.decode() == expected.read_bytes().decode()
