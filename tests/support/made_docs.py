"""Files that are made from the declared fields and the codes; `scripts/docs` writes them, a test keeps them current."""

import re
from pathlib import Path

from handbill.codes import Example, all_codes, explained
from handbill.read import read
from handbill.reference import reference
from handbill.schema import schema
from handbill.show.people import for_people

ROOT = Path(__file__).parents[2]
_SEVERITIES = {
    "E": "## Errors: nothing is built before they are mended",
    "W": "## Warnings: probably not meant",
    "N": "## Notes: good to know",
}
_FINDINGS = """# What the messages mean

<!-- Made from src/handbill/codes/ by scripts/docs: change it there. -->

Every message of `handbill check` has a code such as E302. Here is what each code means, with an example of what is
wrong and of what is right. `handbill check --explain E302` prints the same.
"""


_WRONG = """\
[site]
title = "Harbour News"
url = "https://example.org/harbour/"

[[entry]]
date = 2026-02-30
titel = "Tide tables for 2026"
"""


def made() -> dict[Path, str]:
    """Every file that is made, with the text that it should have."""
    manual = ROOT / "docs" / "manual.md"
    return {
        ROOT / "entries.schema.json": schema(),
        ROOT / "docs" / "findings.md": "\n".join([_FINDINGS, *(_section(letter) for letter in _SEVERITIES)]),
        manual: renewed(manual.read_text(encoding="utf-8")),
    }


def renewed(manual: str) -> str:
    """The *manual* with what stands between each pair of its marks written anew."""
    return re.sub(
        r"(<!-- ([^>]*), made by scripts/docs -->\n).*?(?=<!-- end -->)",
        lambda match: match[1] + _between(match[2]),
        manual,
        flags=re.DOTALL,
    )


def _between(mark: str) -> str:
    if mark.startswith("fields of "):
        return reference(mark.removeprefix("fields of "))
    assert mark == "a finding"
    reading = read(_WRONG.encode())
    return f"```\n{for_people('entries.toml', reading.text, reading.findings).rstrip()}\n```\n"


def _section(letter: str) -> str:
    pages = [_page(code) for code in all_codes() if code.startswith(letter)]
    return "\n".join([_SEVERITIES[letter] + "\n", *pages])


def _page(code: str) -> str:
    told = explained(code)
    parts = [_example(part) if isinstance(part, Example) else part for part in told.parts]
    return "\n\n".join([f"### {code}: {told.title}", *parts]) + "\n"


def _example(example: Example) -> str:
    return f"{example.heading}:\n\n```toml\n{example.text}```"


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text, encoding="utf-8")
