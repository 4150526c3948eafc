"""Addresses as the feed formats want them: URIs (RFC 3986), in whatever script they were written."""

import re
from urllib.parse import quote

from handbill.model import Site

_SAFE = "-._~:/?@!$&'()*+,;=%"
_VALID = rf"(?:[A-Za-z0-9{re.escape(_SAFE[:-1])}]|%[0-9A-Fa-f]{{2}})*"
_URI = re.compile(rf"{_VALID}(?:#{_VALID})?")
_AUTHORITY = re.compile(r"((?:[A-Za-z][A-Za-z0-9+.\-]*:)?//(?:[^/?#]*@)?)(\[[0-9A-Fa-f:.]+\])?([^/?#:]*)")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def uri(address: str) -> str:
    """The URI of *address* (RFC 3987 section 3.1): its host in IDNA, all else that a URI cannot have percent-encoded.

    What is a URI already is returned as it is.
    """
    if _URI.fullmatch(address):
        return address
    authority = _AUTHORITY.match(address)
    start, literal, host = authority.groups("") if authority else ("", "", "")
    rest, mark, fragment = address[len(start + literal + host) :].partition("#")
    return "".join([_encoded(start), literal, _ascii(host), _encoded(rest), mark, _encoded(fragment)])


def _encoded(part: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_SAFE)


def _ascii(host: str) -> str:
    if host.isascii():
        return _encoded(host)
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:  # a host that DNS cannot have; RFC 3986 section 3.2.2 lets it be percent-encoded
        return _encoded(host)


def address_of(path: str, site: Site) -> str:
    """The address at which the file *path* (below feeds/) of *site* is served."""
    return uri(site.base) + quote(path, safe="-._~/!$&'()*+,;=:@")
