"""Slips with tables in curly brackets, as JSON and Python have them."""

import re

from handbill.read.slips.draft import LIST_KINDS, Draft, Slip, parsed

_LONGEST = 20_000
_TABLE = re.compile(r"""\[?\s*\{\s*["'“]?[\w-]+["'”]?\s*[=:]""")
_HEADINGS = {"enclosure": "[[entry.enclosure]]", "link": "[[site.link]]"}


def inline_table(draft: Draft) -> Slip | None:
    """Curly brackets with colons, with line breaks, with a comma before the end, or not closed."""
    value = draft.value
    is_table = _TABLE.match(value) or (value[:1] == "{" and draft.kind not in LIST_KINDS)
    if len(value) > _LONGEST or not is_table:
        return None
    meant = re.sub(r"""(?<=[{,\s])["']?([A-Za-z][\w-]*)["']?\s*[:=]\s*(?=["'\d\[{tf])""", r"\1 = ", value)
    meant = re.sub(r",\s*(?=[}\]])", "", re.sub(r"\s*\n\s*", " ", meant))
    for ending in ("", "}", "]", "}]"):
        if parsed(f"v = {meant}{ending}"):
            meant += ending
            break
    else:
        meant = ""
    heading = _HEADINGS.get(draft.name)
    hint = f"write the heading {heading} and below it each field on a line of its own" if heading else ""
    message = "this table in curly brackets is not written as TOML writes it"
    if "\n" in value and parsed(f"v = {re.sub(chr(10), ' ', value)}"):
        message = "a table in curly brackets stands on one line"
    return Slip("E132", message, draft.value_at, draft.value_at + 1, draft.with_value(meant) if meant else None,
                hint=hint or ("" if meant else "give each of its fields a line of its own"))  # fmt: skip
