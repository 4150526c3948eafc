"""The page of a code on the terminal: `handbill check --explain`."""

from handbill.codes import Example, Explained
from handbill.show.cells import COLUMNS, visible, wrapped


def page(explained: Explained) -> str:
    """What a code means, in 80 columns, with its wrong and right examples."""
    blocks = [[f"{explained.code}: {explained.title}"]]
    for part in explained.parts:
        if isinstance(part, Example):
            blocks.append([f"{part.heading}:"])
            blocks.append([f"    {visible(line)}".rstrip() for line in part.text.rstrip("\n").split("\n")])
        else:
            blocks.append(_lines(part))
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _lines(paragraph: str) -> list[str]:
    """A paragraph in lines, or a list with each of its points behind a hyphen."""
    if not paragraph.startswith("- "):
        return wrapped(paragraph, COLUMNS)
    points = paragraph.removeprefix("- ").split("\n- ")
    return [line for point in points for line in wrapped(point, COLUMNS, "  ", "- ")]
