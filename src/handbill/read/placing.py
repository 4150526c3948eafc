"""Defects become findings: with their places in the text, and with repairs as edits of it."""

import re
from collections.abc import Mapping
from dataclasses import replace

from handbill.findings import Edit, Finding
from handbill.read.checking import AS_WRITTEN, OTHER_LINE, Checking, Defect, Mend, Path
from handbill.read.places import Places
from handbill.read.secrets import Secret
from handbill.read.within import Span

_BREAKS_FIELD = re.compile(r"E1(?:0\d|1[0-59]|2[0-36])|E20[12]|E30\d")
"""The codes of what keeps a field or a heading from being read."""
_GOES_ON = {"E204": ("E113", "E114", "E115"), "E112": ("E119",)}
"""What else is told together with what, where both stand on one line."""


def placed(checking: Checking, places: Places) -> list[Finding]:
    """The findings that the defects noted in *checking* are."""
    return [_placed(each, checking.renamed, places) for each in checking.defects]


def _placed(defect: Defect, renamed: Mapping[Path, Path], places: Places) -> Finding:
    path = renamed.get(defect.path, defect.path)
    span = places.nearest(path, defect.part)
    written = places.text[slice(*span)] if span else ""
    if defect.offset is not None:
        span = places.within(path, defect.offset, defect.length) or span
    also = places.nearest(renamed.get(defect.also, defect.also), "heading") if defect.also else None
    other = str(places.place(also)) if also else "another line"

    def told(text: str) -> str:
        return text.replace(OTHER_LINE, other).replace(AS_WRITTEN, written)

    spans = [_to_mend(each, places) for each in defect.mends]
    fix = tuple(Edit(*span, told(each.text)) for span, each in zip(spans, defect.mends, strict=True) if span)
    return Finding(
        defect.code,
        told(defect.message),
        told(defect.hint),
        places.place(span) if span else None,
        places.place(also) if also else None,
        fix if len(fix) == len(spans) else (),
    )


def joined(findings: list[Finding]) -> list[Finding]:
    """*findings*, where what is wrong with the value of a broken field is told together with what broke it.

    A warning about such a value waits until it is mended: the value may not be what was meant.
    """
    told: dict[int, int] = {}
    result: list[Finding] = []
    for each in findings:
        line = each.place.line if each.place else 0
        first = told.get(line)
        together = first is not None and result[first].code in _GOES_ON.get(each.code, ())
        if first is None or (each.code[1] not in "34" and each.code != "W503" and not together):
            if line and _BREAKS_FIELD.fullmatch(each.code):
                told[line] = len(result)
            result.append(each)
        elif each.is_error:
            message = f"{result[first].message}; also, {each.message}"
            hint = f"{result[first].hint}, and {each.hint}" if together else each.hint or result[first].hint
            # A value that is no more right when it can be read is not touched.
            fix = result[first].fix if each.fix or together else ()
            result[first] = replace(result[first], message=message, hint=hint, fix=fix)
    return result


def _to_mend(mend: Mend, places: Places) -> Span | None:
    """What *mend* replaces; None where that is not to be found beyond doubt."""
    if mend.offset is None:
        return places.exactly(mend.path, mend.part)
    span = places.within(mend.path, mend.offset, 1)
    written = places.text[slice(*span)] if span else ""
    return span if written.startswith("\\") or (len(written) == 1 and not written.isascii()) else None


def of_secrets(shown: list[Secret], findings: list[Finding], places: Places) -> list[Finding]:
    """What to say of secrets, but on lines where one of the *findings* tells of one already."""
    told = {each.place.line for each in findings if each.place and each.code in ("E210", "E418")}
    found = [(secret, places.place(Span(secret.start, secret.end))) for secret in shown]
    return [
        Finding(
            "E211",
            f"this looks like a secret ({secret.begins}...), and this file is no place for one: it is shared",
            "delete it here, and let its issuer replace it by a new one, which nobody has seen",
            place,
        )
        for secret, place in found
        if place.line not in told
    ]
