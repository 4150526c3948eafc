"""What the fields of one table together cannot mean, though each alone is right."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from handbill.model import Digest, Enclosure, Entry, Site
from handbill.read.checking import OTHER_LINE, Checking, Defect, Path
from handbill.read.slips.marks import straight
from handbill.read.values.kinds import short
from handbill.read.values.media import of_address

Values = Mapping[str, Any]
"""The right values of a table, by the attributes of the model."""

_SAYS_NOTHING = re.compile(
    r"(?:[\w.%-]+\.(?:jpe?g|png|gif|webp|svg|heic)|image|picture|photo|img|alt(?: text)?|bild|foto|-|\.|none|n/?a)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:html?|xml|json|php|toml)$", re.IGNORECASE)
_TELLING = frozenset(("audio", "image", "video", "font"))
_DATES = frozenset(("updated", "expires", "withdrawn", "revised"))
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def _say(checking: Checking, code: str, message: str, hint: str, name: str, also: Path | None = None) -> None:
    checking.defects.append(Defect(code, message, hint, (*checking.path, name), also=also))


def of_site(values: Values, written: Values, checking: Checking) -> None:
    """The publication's own address is that of a folder."""
    url = values.get("url", "")
    whole, mark, _ = url.partition("?" if "?" in url else "#")
    if mark:
        hint = f"write `url = {straight(whole)}`, the folder in which the file atom.xml is served"
        _say(checking, "E423", f"the publication is served in a folder: its address has no {mark}", hint, "url")
    elif url.count("/") > 2 and _FILE.search(url):
        hint = f"write `url = {straight(url.rpartition('/')[0] + '/')}` if that is the folder of this file"
        _say(checking, "W424", "the publication is served in a folder, and this seems to be a file in it", hint, "url")


def of_digest(values: Values, written: Values, checking: Checking) -> None:
    """What mail needs besides its addresses."""
    named = next((each for each in ("to", "proof-to") if written.get(each)), None)
    if named and "from" not in written and not checking.lost(checking.path, "from"):
        message = f"without a sender nothing is sent, and `{named}` says to whom"
        _say(checking, "W511", message, 'write for example `from = "Harbour <news@example.org>"`', named)
    sender = "from" if "from" in written else "to" if "to" in written else ""
    if sender and "address" not in values and not checking.lost(checking.path, "address"):
        message = "the publisher's postal address is missing: most countries demand it at the foot of such mail"
        _say(checking, "W510", message, 'write for example `address = "1 Quay Street, Harbourtown"`', sender)
    if values.get("leave_url", "").startswith("http://"):
        message = "leaving with one click needs an address that begins with https:// (RFC 8058)"
        _say(checking, "W512", message, "write https:// if the server can do it", "leave-url")


def of_enclosure(values: Values, written: Values, checking: Checking) -> None:
    """The ending of an attachment's address and its media type say the same."""
    stated = values.get("type", "").partition(";")[0].lower()
    likely = of_address(values.get("url", "")) if stated else ""
    if likely and stated.partition("/")[0] in _TELLING and _sort(likely) != _sort(stated):
        hint = f'write `type = "{likely}"`, if that is what is served there'
        _say(checking, "W513", f"the address ends like a file of the type {likely}, and here is {stated}", hint, "type")


def _sort(media_type: str) -> str:
    """What sort of file it is; what holds video can hold sound alone."""
    return media_type.partition("/")[0].replace("video", "audio")


def of_entry(values: Values, written: Values, checking: Checking) -> None:
    """Dates follow each other, a picture comes with words, reasons with what they explain."""
    if "image" in written or "image-alt" in written:
        _picture(values, written, checking)
    if not _DATES.isdisjoint(values):
        _dates(values, checking)
    if "withdrawn_reason" in values and "withdrawn" not in written and not checking.lost(checking.path, "withdrawn"):
        message = "a reason is given, and the entry is not withdrawn"
        _say(checking, "W508", message, "write `withdrawn = YYYY-MM-DD`, or take the reason out", "withdrawn-reason")
    if "id" in values and not _IRI.fullmatch(values["id"]):
        message = f"“{short(values['id'])}” cannot be an identifier in Atom: it begins with no https:, tag: or the like"
        hint = "right if readers of another feed know the entry by this; otherwise take the line out"
        _say(checking, "N602", message, hint, "id")


def _picture(values: Values, written: Values, checking: Checking) -> None:
    hint = 'write what it shows, for example `image-alt = "The harbour at low tide"`'
    if "image" in written:
        words = values.get("image_alt", "")
        given = written.get("image-alt")
        empty = isinstance(given, str) and not given.strip()
        if not words and (given is None or empty) and not checking.lost(checking.path, "image-alt"):
            what = "empty" if empty else "missing"
            message = f"a picture needs words for those who cannot see it: `image-alt` is {what}"
            _say(checking, "E501", message, hint, "image-alt" if empty else "image")
        elif words and _SAYS_NOTHING.fullmatch(words):
            _say(checking, "W503", f"“{short(words)}” says nothing of what the picture shows", hint, "image-alt")
    elif "image_alt" in values and not checking.lost(checking.path, "image"):
        hint = "write its address as `image`, or take this line out"
        _say(checking, "W502", "here are words for a picture, and there is none", hint, "image-alt")


def day_of(when: date) -> date:
    """The day of a moment, or the day itself."""
    return when.date() if isinstance(when, datetime) else when


def _before(one: date, other: date) -> bool:
    """Whether *one* is certainly before *other*: bare days are compared with the days of moments."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one) < day_of(other)


def _dates(values: Values, checking: Checking) -> None:
    announced = values.get("date")
    first = (*checking.path, "date")
    if announced and "updated" in values and _before(values["updated"], announced):
        itself = f"the entry itself, {day_of(announced)} in {OTHER_LINE}"
        message = f"the revision of {day_of(values['updated'])} comes before {itself}"
        _say(checking, "W506", message, "look at both dates, or take `updated` out", "updated", first)
    for name, ends in (("expires", "ends"), ("withdrawn", "is withdrawn")):
        if announced and name in values and values[name] < day_of(announced):
            before = f"before it is announced: {day_of(announced)} in {OTHER_LINE}"
            message = f"this entry can never appear: it {ends} on {values[name]}, {before}"
            _say(checking, "W507", message, "look at both dates", name, first)
            break
    issued, revised = values.get("issued"), values.get("revised")
    if issued and revised:
        known = min(sum(part is not None for part in each) for each in (issued, revised))
        if revised[:known] < issued[:known]:
            message = f"the edition of {revised} comes before the first one, of {issued} in {OTHER_LINE}"
            _say(checking, "W509", message, "look at both dates", "revised", (*checking.path, "issued"))


TOGETHER: Mapping[type, Callable[[Values, Values, Checking], None]] = {
    Site: of_site,
    Digest: of_digest,
    Entry: of_entry,
    Enclosure: of_enclosure,
}
"""What is looked at in each kind of table when its fields are known."""
