"""Pictures of digests of every size and language, to be looked at: ``build/pictures/digest/``.

    .venv/bin/python tests/support/digest_pictures.py          all of them
    .venv/bin/python tests/support/digest_pictures.py 75-ar    those of one digest

Beside them is the plain text of each. A picture of a long digest shows its beginning.
"""

import sys
from typing import get_args

from browser import Scheme, chromium, screenshot
from issues import NAMES, issue_named
from needs import missing
from pictures import ROOT
from serving import serving

from handbill.render.digest import compose
from handbill.render.templating import environment

FOLDER = ROOT / "build" / "pictures" / "digest"
WIDTHS = (320, 375, 700)


def take(names: list[str]) -> None:
    """Make the digests *names* and their pictures. Says what is missing where the browser is."""
    if why := missing(("chromium", "libatomic")):
        raise SystemExit(f"No pictures: {why}.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, serving(FOLDER) as address:
        for name in names:
            made = compose(issue_named(name), environment({})).leaving_at("https://example.org/leave/")
            (FOLDER / f"{name}.html").write_text(made.html, encoding="utf-8")
            (FOLDER / f"{name}.txt").write_text(made.text, encoding="utf-8")
            long = int(name.partition("-")[0]) > 6
            for width in WIDTHS:
                for scheme in get_args(Scheme):
                    picture = FOLDER / f"{name}-{width}-{scheme}.png"
                    height = 4000 if long else None
                    screenshot(browser, f"{address}{name}.html", picture, width=width, height=height, scheme=scheme)
                    print(picture.relative_to(ROOT))


if __name__ == "__main__":
    take(sys.argv[1:] or NAMES)
