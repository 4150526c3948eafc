"""Pictures of digests of every size and language, to be looked at: ``build/pictures/digest/``.

    .venv/bin/python tests/support/digest_pictures.py          all of them
    .venv/bin/python tests/support/digest_pictures.py 75-ar    those of one digest

Each is taken in the light, in the dark, and as mail programs show it that load no pictures; of a long one there are
two, of its beginning and of its end. Beside them is the plain text of each, and the copy for the web.
"""

import sys
from typing import get_args

from browser import Scheme, chromium, opened
from issues import NAMES, issue_named
from needs import missing
from pictures import ROOT
from playwright.sync_api import Browser, FloatRect
from serving import serving

from handbill.render.digest import compose
from handbill.render.templating import environment

FOLDER = ROOT / "build" / "pictures" / "digest"
WIDTHS = (320, 375, 700)
TALL = 2500  # pixels of a picture of a part


def take(names: list[str]) -> None:
    """Make the digests *names* and their pictures. Says what is missing where the browser is."""
    if why := missing(("chromium", "libatomic")):
        raise SystemExit(f"No pictures: {why}.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, serving(FOLDER) as address:
        for name in names:
            issue = issue_named(name)
            for place, for_web in ((name, False), (f"{name}-web", True)):
                made = compose(issue, environment({}), for_web=for_web).leaving_at("https://example.org/leave/")
                (FOLDER / f"{place}.html").write_text(made.html, encoding="utf-8")
                (FOLDER / f"{place}.txt").write_text(made.text, encoding="utf-8")
            for width in WIDTHS:
                for scheme in get_args(Scheme):
                    picture(browser, f"{address}{name}.html", f"{name}-{width}-{scheme}", width, scheme)
                picture(browser, f"{address}{name}.html", f"{name}-{width}-imageless", width, "light", images=False)


def picture(browser: Browser, url: str, name: str, width: int, scheme: Scheme, *, images: bool = True) -> None:
    """Take *url* as a window of *width* shows it: the whole, or if that is long its beginning and its end."""
    with opened(browser, url, width=width, scheme=scheme) as page:
        if not images:
            page.route(
                "**/*", lambda route: route.abort() if route.request.resource_type == "image" else route.continue_()
            )
            page.reload(wait_until="load")
        height = page.evaluate("document.documentElement.scrollHeight")
        tops = {"": 0} if height <= 2 * TALL else {"": 0, "-end": height - TALL}
        for part, top in tops.items():
            clip = FloatRect(x=0, y=top, width=width, height=height if len(tops) == 1 else TALL)
            path = FOLDER / f"{name}{part}.png"
            page.screenshot(path=path, full_page=True, clip=clip)
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    take(sys.argv[1:] or NAMES)
