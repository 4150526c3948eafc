"""The web application for leaving (WSGI, RFC 8058): a POST leaves, a GET shows a button and changes nothing.

Whether a link was ours, and whether its owner is or was on the list, makes no difference to any answer.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from handbill.deliver import pages
from handbill.deliver.errors import DeliveryError
from handbill.deliver.state import opened
from handbill.deliver.subscribers import find_handle, leave
from handbill.deliver.tokens import LEAVE_TOKEN, Signer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LONGEST_BODY = 65536


def application(
    state: Path, signer: Signer, *, lang: str, title: str, now: Callable[[], datetime]
) -> "WSGIApplication":
    """The application for the list *title* in *lang*, whose subscribers are in the folder *state*.

    It may be mounted anywhere: only the last part of the path counts, or of the query if there is one.
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        token = _token(environ)
        if method not in ("GET", "HEAD", "POST"):
            return _say(start_response, "405 Method Not Allowed", "", [("Allow", "GET, HEAD, POST")])
        if token is None:
            return _say(start_response, "404 Not Found", pages.incomplete(lang, title), head=method == "HEAD")
        if method == "POST" and not _is_one_click(environ):
            return _say(start_response, "400 Bad Request", pages.asking(lang, title))
        if method != "POST":
            return _say(start_response, "200 OK", pages.asking(lang, title), head=method == "HEAD")
        try:
            _leave(state, signer, token, now())
        except DeliveryError:
            return _say(start_response, "503 Service Unavailable", pages.trouble(lang, title), [("Retry-After", "300")])
        return _say(start_response, "200 OK", pages.done(lang, title))

    return answer


def _token(environ: "WSGIEnvironment") -> str | None:
    """What has the form of a token, at the end of the path or of the query; mail gateways add queries of their own."""
    last_of_path = environ.get("PATH_INFO", "").rpartition("/")[2]
    found = [last_of_path, *re.split("[=&]", environ.get("QUERY_STRING", ""))]
    return next((each for each in found if LEAVE_TOKEN.fullmatch(each)), None)


def _leave(state: Path, signer: Signer, token: str, now: datetime) -> None:
    """A link that is none of ours is looked for as well: not even the time it takes is to tell."""
    handle = signer.who_leaves(token)
    with opened(state) as connection:
        if (subscriber := find_handle(connection, handle or "", signer)) and handle:
            leave(connection, subscriber.id, now, "by the link in an issue")


def _is_one_click(environ: "WSGIEnvironment") -> bool:
    """Whether the body says ``List-Unsubscribe=One-Click``, in either of the forms that RFC 8058 section 3.1 allows."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    if length == 0 and environ.get("wsgi.input_terminated"):  # sent in chunks, to a server that leaves them so
        length = _LONGEST_BODY
    if not 0 < length <= _LONGEST_BODY:
        return False
    body: bytes = environ["wsgi.input"].read(length)
    content_type = environ.get("CONTENT_TYPE", "")
    if content_type.lower().startswith("multipart/form-data"):
        head = b"Content-Type: " + content_type.encode("latin-1", "replace").replace(b"\n", b" ") + b"\r\n\r\n"
        parts = BytesParser(policy=HTTP).parsebytes(head + body).walk()
        return any(_field(part) == ("List-Unsubscribe", "One-Click") for part in parts)
    try:
        return parse_qs(body.decode("latin-1").strip(), max_num_fields=50).get("List-Unsubscribe") == ["One-Click"]
    except ValueError:
        return False


def _field(part: Message) -> tuple[str, str]:
    name = part.get_param("name", "", "content-disposition")
    payload = part.get_payload(decode=True)
    return str(name), payload.decode("latin-1").strip() if isinstance(payload, bytes) else ""


def _say(
    start_response: "StartResponse",
    status: str,
    page: str,
    headers: Iterable[tuple[str, str]] = (),
    *,
    head: bool = False,
) -> Iterable[bytes]:
    body = page.encode()
    start_response(
        status,
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", pages.POLICY),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Robots-Tag", "noindex"),
            *headers,
        ],
    )
    return [] if head else [body]
