"""What is wrong with a field that TOML refuses, and what was meant: the recognisers in their order."""

from handbill.read.slips.backslashes import backslashes
from handbill.read.slips.draft import Draft, Recogniser, Slip, draft_of, parsed, shown
from handbill.read.slips.equals import invisible, odd_name, odd_sign, other_name, remarks, secret, two_fields
from handbill.read.slips.inline_tables import inline_table
from handbill.read.slips.lists import lists
from handbill.read.slips.long_texts import long_texts
from handbill.read.slips.quotes import quotes
from handbill.read.slips.unquoted import bare_value, markdown_link, nothing, words

_RECOGNISERS: tuple[Recogniser, ...] = (
    secret,
    invisible,
    nothing,
    two_fields,
    odd_sign,
    odd_name,
    other_name,
    remarks,
    markdown_link,
    bare_value,
    inline_table,
    lists,
    long_texts,
    backslashes,
    quotes,
    words,
)
_MOST = 6


def slips(draft: Draft) -> tuple[list[Slip], str | None]:
    """What is wrong with *draft*, one slip mended before the next is looked for; and the field as it was meant.

    The field is None when what is left is still no TOML. Places are offsets into the text that the slips before left.
    """
    found: list[Slip] = []
    current: Draft | None = draft
    while current and len(found) < _MOST:
        slip = next(filter(None, (recognise(current) for recognise in _RECOGNISERS)), None)
        if not slip:
            break
        found.append(slip)
        if slip.write is None or slip.write == current.text:
            break
        if parsed(slip.write):
            return _named(found, slip.write, draft)
        if slip.code == "E113":
            lines = _each_mended(slip.write, draft)
            if lines:
                hint = "give each a line of its own: " + " and ".join(
                    f"`{shown(line, 60)}`" for line in lines.split("\n")
                )
                found[-1] = slip._replace(hint=hint)
            return found, lines
        current = draft_of(slip.write, draft.table, draft.day_first)
    return found, None


def _named(found: list[Slip], write: str, draft: Draft) -> tuple[list[Slip], str]:
    """What was *found* and the field as it was meant; its name too may be another tool's."""
    whole = draft_of(write, draft.table, draft.day_first)
    slip = other_name(whole) if whole and found[-1].code != "E113" else None
    return ([*found, slip], slip.write) if slip and slip.write else (found, write)


def _each_mended(lines: str, draft: Draft) -> str | None:
    """Fields that shared a line, each as it was meant."""
    meant = []
    for line in lines.split("\n"):
        part = None if parsed(line) else draft_of(line, draft.table, draft.day_first)
        meant.append(slips(part)[1] if part else line)
    return "\n".join(filter(None, meant)) if all(meant) and parsed("\n".join(filter(None, meant))) else None
