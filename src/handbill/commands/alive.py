"""A dead man's switch: an address that is asked after each good run, so that somebody notices when runs stop."""

import os
import sys

NAME = "HANDBILL_PING_URL"
"""The environment's name for the address."""


def tell_alive() -> int:
    """GET the address, where there is one; the exit status: 75 where it does not answer.

    What is printed names the host alone: such addresses are secrets.
    """
    address = os.environ.get(NAME, "")
    if not address:
        return 0
    from http.client import HTTPException
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    if not address.startswith(("http://", "https://")):
        print(f"handbill run: {NAME}: not a web address; write it like https://example.org/ping/…", file=sys.stderr)
        return 2
    try:
        with urlopen(Request(address, headers={"User-Agent": "Handbill"}), timeout=30):
            return 0
    except (URLError, OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        host = address.split("://")[1].split("/")[0].rpartition("@")[2]
        print(f"handbill run: all is done, but {NAME} ({host}) does not answer: {reason}", file=sys.stderr)
        return 75
