"""Pictures of what was built: the page and the digest, on a phone and on a desk, in the light and in the dark.

All of them go to ``build/pictures``; the README's go to ``docs/pictures``.
"""

from pathlib import Path
from typing import get_args

from browser import Scheme, chromium, screenshot
from needs import missing
from serving import serving

ROOT = Path(__file__).parents[2]
SHOWN = [
    ("page", "feeds/index.html", (375, 700, 1280)),
    ("digest", "build/digest/digest.html", (375, 700)),
]


def take() -> None:
    """Take them all. Says what is missing where the browser is."""
    if why := missing(("chromium", "libatomic")):
        raise SystemExit(f"No pictures: {why}.")
    every, readme = ROOT / "build" / "pictures", ROOT / "docs" / "pictures"
    readme.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, serving(ROOT) as address:
        for name, path, widths in SHOWN:
            for scheme in get_args(Scheme):
                for width in widths:
                    picture = every / f"{name}-{width}-{scheme}.png"
                    screenshot(browser, address + path, picture, width=width, scheme=scheme)
                    print(picture.relative_to(ROOT))
                picture = readme / f"{name}-{scheme}.png"
                screenshot(browser, address + path, picture, width=700, height=900, scheme=scheme)
                print(picture.relative_to(ROOT))


if __name__ == "__main__":
    take()
