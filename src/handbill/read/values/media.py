"""Media types (RFC 6838): a type, a slash, a subtype, and perhaps parameters."""

import re
from typing import Any

from handbill.read.checking import Checking
from handbill.read.names import nearest
from handbill.read.values.kinds import example, mend, not_text, short

_TYPE = re.compile(
    r"(?P<top>[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126})/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
    r"""(?P<rest>(?:\s*;\s*[A-Za-z0-9!#$&^_.+-]+=(?:[^\s";]+|"[^"]*"))*)"""
)
_LONGEST = 500
_TOPS = frozenset(
    (
        "application",
        "audio",
        "chemical",
        "example",
        "font",
        "haptics",
        "image",
        "message",
        "model",
        "multipart",
        "text",
        "video",
    )
)
_WORDS = {
    "pdf": "application/pdf", "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav",
    "flac": "audio/flac", "opus": "audio/ogg", "aac": "audio/aac", "mp4": "video/mp4", "webm": "video/webm",
    "mov": "video/quicktime", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "webp": "image/webp", "svg": "image/svg+xml", "zip": "application/zip", "epub": "application/epub+zip",
    "html": "text/html", "txt": "text/plain", "csv": "text/csv", "doc": "application/msword", "ics": "text/calendar",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xls": "application/vnd.ms-excel",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "word": "application/msword", "excel": "application/vnd.ms-excel", "podcast": "audio/mpeg", "mpeg": "audio/mpeg",
    "text": "text/plain", "plain text": "text/plain", "json": "application/json", "xml": "application/xml",
}  # fmt: skip
"""The media types of what people attach, by file name ending or by what they call it."""


def media_type(value: Any, checking: Checking) -> str | None:
    """A media type, with or without parameters."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    match = _TYPE.fullmatch(value) if len(value) < _LONGEST else None
    if match:
        top = match["top"].lower()
        if top not in _TOPS and not top.startswith("x-"):
            close = of_ending(value.rpartition("/")[2]) or of_ending(top) or _corrected(top, value)
            hint = (
                f'write `{checking.name} = "{close}"`'
                if close
                else "they begin with audio/, video/, image/, text/ or application/"
            )
            checking.say("W428", f"there are no media types that begin with “{top}/”", hint)
        return value
    message = f"“{short(value)}” is no media type: that is two words with a slash between"
    word = re.sub(r"[^a-z0-9/ ]", "", value.lower()).strip().removesuffix(" file").removesuffix(" document").strip()
    meant = of_ending(word)
    if not meant and len(value) < _LONGEST and _TYPE.fullmatch(value.strip()):
        meant = value.strip()
    if meant == value.strip():
        message = "there is a space before or behind the media type"
    if meant:
        mend(checking, "E427", message, f'"{meant}"')
    else:
        checking.say("E427", message, f"write for example {example(checking)}")
    return None


def _corrected(top: str, value: str) -> str:
    close, _ = nearest(top, {each: each for each in _TOPS})
    return f"{close}/{value.partition('/')[2]}" if close else ""


def of_ending(ending: str) -> str:
    """The media type of files whose name ends like this, "" if it is not known here."""
    return _WORDS.get(ending.lower().lstrip("."), "")


def of_address(address: str) -> str:
    """The media type of the file at *address*, judged by its ending; "" if that tells nothing."""
    return of_ending(re.split(r"[?#]", address)[0].rpartition(".")[2])
