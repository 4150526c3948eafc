"""What every code means: one Markdown file a code, for `handbill check --explain` and the manual's page of findings.

To add a code, write ``E123.md`` (``W...``, ``N...``) here, of this form, in words that a person who is no programmer
would use::

    # E123: A quotation mark is missing

    One paragraph or more: what it means, why it matters, what to do.

    ```toml wrong
    [[entry]]
    date = 2026-03-31
    title = "Tide tables
    ```

    ```toml right
    [[entry]]
    date = 2026-03-31
    title = "Tide tables"
    ```

The tests read the *wrong* example and see exactly this code, and the *right* one and see nothing. To an example without
a ``[site]`` they put one in front; a third word in the first line of the example says otherwise:

- ``whole``: this is the whole file, add nothing;
- ``utf-16``, ``windows-1252`` ...: the file is saved in that encoding.

A character that cannot be seen is written ``<U+200B>``. There may be several wrong and right examples. Where it matters
what was published already, that stands in an example ``toml before``: it is published on 1 April 2026, and the examples
behind it are seen on the next day.
"""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_TITLE = re.compile(r"# (?P<code>[EWN]\d{3}): (?P<title>.+)\n")
_EXAMPLE = re.compile(
    r"^```toml (?P<kind>before|wrong|right)(?: (?P<saved>\S+))?\n(?P<text>.*?)^```\n", re.MULTILINE | re.DOTALL
)


class Example(NamedTuple):
    """A small file: *kind* is ``before``, ``wrong`` or ``right``, *saved* ``whole`` or an encoding, as told above."""

    kind: str
    text: str
    saved: str

    @property
    def heading(self) -> str:
        """What to write above it."""
        heading = "Published before" if self.kind == "before" else self.kind.capitalize()
        return heading if self.saved in ("", "whole") else f"{heading}, saved as {self.saved}"


class Explained(NamedTuple):
    """What is to be told of a code. *parts* are its paragraphs and examples in their order."""

    code: str
    title: str
    parts: tuple[str | Example, ...]

    @property
    def examples(self) -> tuple[Example, ...]:
        """All its examples."""
        return tuple(part for part in self.parts if isinstance(part, Example))


@cache
def all_codes() -> tuple[str, ...]:
    """Every code that there is, in order."""
    names = (file.name for file in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in names if name.endswith(".md")))


def markdown(code: str) -> str:
    """The page of *code*. Raises KeyError for one that there is not."""
    if code not in all_codes():
        raise KeyError(code)
    return (files(__name__) / f"{code}.md").read_text(encoding="utf-8")


def explained(code: str) -> Explained:
    """The page of *code*, taken apart. Raises KeyError for one that there is not, ValueError for another form."""
    page = markdown(code)
    head = _TITLE.match(page)
    if not head or head["code"] != code:
        raise ValueError(f"{code}.md begins otherwise than '# {code}: a title'")
    parts: list[str | Example] = []
    position = head.end()
    for match in _EXAMPLE.finditer(page):
        parts += _paragraphs(page[position : match.start()])
        parts.append(Example(match["kind"], match["text"], match["saved"] or ""))
        position = match.end()
    return Explained(code, head["title"], (*parts, *_paragraphs(page[position:])))


def _paragraphs(text: str) -> list[str]:
    return [paragraph for each in text.split("\n\n") if (paragraph := each.strip("\n"))]
