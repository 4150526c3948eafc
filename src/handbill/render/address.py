"""Addresses as the feed formats want them: URIs (RFC 3986), in whatever script they were written."""

import re
from urllib.parse import quote, urlsplit

from handbill.model import Site

_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_RESERVED = "-._~:/?#[]@!$&'()*+,;=%"


def uri(address: str) -> str:
    """The URI of *address* (RFC 3987 section 3.1): its host in IDNA, all else outside ASCII percent-encoded.

    What is a URI already is returned as it is.
    """
    if _URI.fullmatch(address):
        return address
    host = _host(address)
    if host and not host.isascii():
        address = address.replace(host, _ascii_host(host), 1)
    return quote(_STRAY_PERCENT.sub("%25", address), safe=_RESERVED)


def _host(address: str) -> str:
    try:
        authority = urlsplit(address).netloc
    except ValueError:  # not an address at all: then it has no host either
        return ""
    return re.sub(r":[0-9]*$", "", authority.rpartition("@")[2])


def _ascii_host(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:  # a host that DNS cannot have; RFC 3986 section 3.2.2 lets it be percent-encoded
        return host


def address_of(path: str, site: Site) -> str:
    """The address at which the file *path* (below feeds/) of *site* is served."""
    return uri(site.base) + quote(path, safe="-._~/!$&'()*+,;=:@")
