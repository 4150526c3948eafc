"""What was meant by a web address that is none: without its https://, wrapped in Markdown, a file of one's own ..."""

import re
from typing import NamedTuple

from handbill.read.checking import Checking
from handbill.read.names import slips
from handbill.read.slips.marks import QUOTES, called, straight
from handbill.read.values import invisible
from handbill.read.values.kinds import line, short

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\ufff9-\uffff]"
)
_JOINERS = "\u200c\u200d"
_SPACE = re.compile(r"\s+")
_MARKDOWN = re.compile(r"\s*!?\[([^\]]*)\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'][^)]*)?\s*\)\s*")
_HTML = re.compile(r"""<a\s[^>]*href\s*=\s*["']?([^"'>\s]+)[^>]*>.*""", re.IGNORECASE | re.DOTALL)
_AROUND = f" <>()[]{QUOTES}"
_ALONE = re.compile(rf"https?://[^\s<>{QUOTES}]+", re.IGNORECASE)
_CLOSING = '>"”»'
_INSIDE = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_SLASHES = re.compile(
    r"(?P<scheme>[A-Za-z]{2,8})\s*+(?P<marks>[:;.,]{0,2}+\s*+[/\\]{1,3}+|[:;]{1,2}+)\s*+(?P<rest>.*)", re.DOTALL
)
_DOUBLED = re.compile(r"https?:?/{0,2}(https?)(:?//)(.*)", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+(?P<last>[^\W\d_]{2,24})(?::[0-9]{1,5})?(?:[/?#].*)?", re.DOTALL)
_ENDINGS = (
    "pdf doc docx odt rtf txt md xls xlsx ods csv ppt pptx jpg jpeg png gif webp svg mp3 m4a wav ogg mp4 mov zip htm"
    " html ico tif tiff heic avif bmp m4v avi mkv flac opus aac rar gz ics eml pages php epub toml xml json"
)
_FILES = frozenset(_ENDINGS.split())
_MAIL = re.compile(r"(?:mailto:)?[^\s@/:]+@[^\s@/]+\.[^\s@/]+", re.IGNORECASE)
_OWN_FILE = re.compile(
    r"(?:file:|[A-Za-z]:[\\/]|\\\\|~/|\.{1,2}[\\/]|/(?:home|Users|Volumes|mnt|tmp|var|media)/)", re.IGNORECASE
)
_OTHER = {
    "ftp": "most browsers and mail programs no longer open ftp addresses",
    "ftps": "most browsers and mail programs no longer open ftp addresses",
    "sftp": "browsers cannot open it",
    "data": "it holds the file itself",
    "javascript": "it is a program",
    "tel": "it is a telephone number",
    "sms": "it is a telephone number",
    "blob": "it exists in your browser alone",
    "about": "it exists in your browser alone",
    "chrome": "it exists in your browser alone",
    "view-source": "it shows the source of a page",
}
_UNKNOWN = frozenset(
    ("tbd", "tba", "todo", "none", "n/a", "na", "-", "--", "–", "—", "unknown", "null", "nil", "?", "x")
)
_DEAR = "copy it from the address line of the browser"


class AddressSlip(NamedTuple):
    """What to say; *write* is the TOML to write, if that is certain; *offset* and *length* where in the text it is."""

    code: str
    message: str
    hint: str
    write: str | None = None
    offset: int | None = None
    length: int = 1


def slip(value: str, checking: Checking) -> AddressSlip | None:
    """What is wrong with *value* as the address field at hand; None if it has the form of a web address."""
    stripped = value[:200].strip() if value.startswith("data:") else value.strip()
    if not stripped:
        return AddressSlip("E406", f"`{checking.name}` is empty", "take the line out if the address is not known")
    for check in (_unseen, _mail, _wrapped, _own_file, _spaces, _scheme):
        if found := check(value, stripped, checking):
            return found
    return None


def _certain(code: str, message: str, checking: Checking, address: str) -> AddressSlip:
    """A slip that can only mean *address*."""
    if re.fullmatch(r"https?://[^\s/?#@:]+\.[^\s/?#@:]+.*", address, re.IGNORECASE) and not re.search(
        r"[\s\\<>\"]", address
    ):
        return AddressSlip(code, message, f"write {line(checking, straight(address))}", straight(address))
    return AddressSlip(code, message, _DEAR)


def _unseen(value: str, _stripped: str, checking: Checking) -> AddressSlip | None:
    joiners = invisible.strays(value)  # those between letters that need them belong there
    found = [at.start() for at in _UNSEEN.finditer(value) if at[0] not in _JOINERS or at.start() in joiners]
    if not found:
        return None
    first, unseen = found[0], set(found)
    clean = "".join(character for at, character in enumerate(value) if at not in unseen).strip()
    message = f"the address has {called(value[first])} in it, which cannot be seen"
    slip = _certain("E412", message, checking, clean)
    return slip._replace(offset=first, hint=slip.hint if slip.write else "delete it")


def _mail(_value: str, stripped: str, checking: Checking) -> AddressSlip | None:
    if not _MAIL.fullmatch(stripped):
        return None
    message = f"`{checking.name}` is a web address, and “{short(stripped)}” is a mail address"
    hint = "write where on the web it is, or take the line out"
    if checking.name == "leave-url":
        hint = f"write `leave-mailto = {straight(stripped.removeprefix('mailto:'))}`"
    return AddressSlip("E415", message, hint)


def _wrapped(value: str, stripped: str, checking: Checking) -> AddressSlip | None:
    if match := _MARKDOWN.fullmatch(value):
        return _certain(
            "E413",
            "a link in Markdown has its words and its address; here stands the address alone",
            checking,
            match[2],
        )
    if match := _HTML.fullmatch(stripped):
        return _certain("E413", "here stands the address alone, without HTML", checking, match[1])
    bare = stripped.strip(_AROUND)
    if bare != stripped and (not stripped.startswith(bare[:1]) or stripped[-1] in _CLOSING) and _ALONE.fullmatch(bare):
        message = "here stands the address alone, without brackets or quotation marks around it"
        return _certain("E413", message, checking, bare)
    inside = _INSIDE.findall(stripped)
    if len(inside) == 1 and _SPACE.search(stripped) and not stripped.lower().startswith("http"):
        return AddressSlip(
            "E413",
            "here stands the address alone, without words around it",
            f"write {line(checking, straight(inside[0]))}",
        )
    if len(inside) > 1 and re.search(r"[\s,;|]https?://", stripped):
        return AddressSlip(
            "E413",
            f"here are {len(inside)} addresses, and `{checking.name}` is one",
            f"write {line(checking, straight(inside[0].rstrip(',;')))}, or the other",
        )
    return None


def _own_file(_value: str, stripped: str, checking: Checking) -> AddressSlip | None:
    hint = "put the file on the web, and write where it is: https://..."
    if _OWN_FILE.match(stripped) or "\\" in stripped:
        if re.match(r"https?:\\\\", stripped, re.IGNORECASE):
            return _certain("E411", "the slashes of an address lean forwards", checking, stripped.replace("\\", "/"))
        return AddressSlip("E414", f"“{short(stripped)}” is a file on your computer: nobody else can open it", hint)
    name, _, ending = stripped.rpartition(".")
    is_file = bool(name) and ending.lower() in _FILES
    if re.fullmatch(r"/(?!/)\S*", stripped) or (is_file and re.fullmatch(r"[\w-]+/\S*", stripped)):
        whole = f"https://{checking.host or 'example.org'}/{stripped.removeprefix('/')}"
        hint = f"write {line(checking, straight(whole))}, if it is there"
        return AddressSlip("E414", "the address is not whole: the server is missing", hint)
    if is_file and not re.search(r"[/:]", stripped):
        message = f"“{short(stripped)}” is the name of a file, without the place on the web where it is"
        return AddressSlip("E414", message, hint)
    return None


def _spaces(value: str, stripped: str, checking: Checking) -> AddressSlip | None:
    match = _SPACE.search(value)
    if not match:
        return None
    if value != stripped and not _SPACE.search(stripped):
        return _certain("E412", "there is a space before or behind the address", checking, stripped)._replace(
            offset=match.start()
        )
    message = f"the address has a {'line break' if chr(10) in match[0] else 'space'} in it"
    broken = _SPACE.sub("", stripped)
    if re.fullmatch(r"https?://\s+\S+|https?\s*:\s*/\s*/\s*\S+", stripped, re.IGNORECASE):
        return _certain("E412", message, checking, broken)._replace(offset=match.start())
    if "\n" in value or re.match(r"https?://[^/\s]*\s", stripped, re.IGNORECASE):
        hint = f"write {line(checking, straight(broken))}"
    elif stripped.lower().startswith(("http://", "https://")):
        hint = f"write %20 for a space: {line(checking, straight(_SPACE.sub('%20', stripped)))}"
    else:
        hint = _DEAR
    return AddressSlip("E412", message, hint, None, match.start())


def _scheme(value: str, _stripped: str, checking: Checking) -> AddressSlip | None:
    if value.lower().strip("().") in _UNKNOWN:
        return AddressSlip("E410", f"“{short(value)}” is no address", "take the line out if the address is not known")
    if doi := re.fullmatch(r"(?:doi:\s*)?(10\.[0-9]{4,9}/\S+)", value, re.IGNORECASE):
        return _certain("E410", "the beginning of the address is missing", checking, f"https://doi.org/{doi[1]}")
    if doubled := _DOUBLED.fullmatch(value):
        return _certain(
            "E411",
            f"the address begins twice, with {value[: doubled.start(3)]}",
            checking,
            f"{doubled[1]}://{doubled[3].lstrip('/')}",
        )
    if re.match(r"https?://", value, re.IGNORECASE):
        return _triple(value, checking)
    if value.startswith("//"):
        return _certain("E410", "the beginning of the address is missing", checking, f"https:{value}")
    parts = _SLASHES.fullmatch(value)
    scheme = parts["scheme"].lower() if parts else ""
    if parts and scheme not in _OTHER and (meant := _meant(scheme)) and parts["rest"]:
        return _certain(
            "E411",
            f"an address begins with {meant}://, and this one with {value[: parts.start('rest')]}",
            checking,
            f"{meant}://{parts['rest']}",
        )
    known = _SCHEME.match(value)
    if known and known[1].lower() in ("feed", "webcal", "podcast", "itpc", "pcast"):
        rest = re.sub(r"^(?:https?:)?//", "", value[known.end() :])
        return _certain(
            "E416", f"{known[1]}: is for programs; here stands the address of the web", checking, f"https://{rest}"
        )
    if known and not re.match(r"[\w.-]+:[0-9]", value):
        why = _OTHER.get(known[1].lower(), f"browsers cannot open what begins with {short(known[1])}:")
        return AddressSlip("E416", f"this is no address of the web: {why}", "write one that begins with https://")
    if (host := _HOST.fullmatch(value)) and host["last"].lower() not in _FILES - {"md", "zip", "mov"}:
        return _certain("E410", "the beginning of the address is missing", checking, f"https://{value}")
    return AddressSlip(
        "E410", f"“{short(value)}” is no whole address of the web", "write it from https:// on: " + _DEAR
    )


def _triple(value: str, checking: Checking) -> AddressSlip | None:
    """Slashes too many behind a right beginning."""
    match = re.match(r"(https?)://+/([^/].*)", value, re.IGNORECASE | re.DOTALL)
    return (
        _certain("E411", "the address has too many slashes at its beginning", checking, f"{match[1]}://{match[2]}")
        if match
        else None
    )


def _meant(scheme: str) -> str:
    """http or https, if *scheme* is a slip of one."""
    if scheme in ("http", "https"):
        return scheme
    if slips(scheme, "https", 2) <= min(2, slips(scheme, "http", 2)) and len(scheme) > 3:
        return "https"
    return "http" if slips(scheme, "http", 1) <= 1 and len(scheme) > 2 else ""
