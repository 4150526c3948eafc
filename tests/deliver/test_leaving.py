"""Leaving by the web: a POST as mail programs send it, a button for people, and nothing for anybody else."""

import io
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lists_of_subscribers import NOW, SIGNER, join

from handbill.deliver import subscribers
from handbill.deliver.leaving import application
from handbill.deliver.state import FILE, opened
from handbill.deliver.tokens import Signer

ONE_CLICK = b"List-Unsubscribe=One-Click"
MULTIPART = b'--edge\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--edge--\r\n'


CONTENT_TYPES = (
    "", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "multipart/form-data; boundary=edge",
    'multipart/form-data; boundary=""', "multipart/form-data; boundary=é",
)  # fmt: skip


class Visitor:
    """Asks the application as a web server would, which `wsgiref.validate` watches over."""

    def __init__(self, folder: Path, lang: str = "en", title: str = "Harbour News") -> None:
        self.application = application(folder, SIGNER, lang=lang, title=title, now=lambda: NOW)

    def ask(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/x-www-form-urlencoded",
        **more: str,
    ) -> tuple[str, dict[str, str], str]:  # fmt: skip
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **more,
        }  # fmt: skip
        setup_testing_defaults(environ)
        answer: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            answer[:] = [status, dict(headers)]

        parts = validator(self.application)(environ, start_response)
        text = b"".join(parts).decode()
        parts.close()  # type: ignore[attr-defined]
        return answer[0], answer[1], text


@pytest.fixture
def visitor(folder: Path, connection: sqlite3.Connection) -> Visitor:
    """A list of two."""
    join(connection, "reader@example.org", "other@example.org")
    return Visitor(folder)


def link(address: str = "reader@example.org", signer: Signer = SIGNER) -> str:
    return f"/leave/{signer.leave_token(address)}"


def active(connection: sqlite3.Connection) -> list[str | None]:
    return [each.address for each in subscribers.everyone(connection, "active")]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(ONE_CLICK, "application/x-www-form-urlencoded"), (MULTIPART, "multipart/form-data; boundary=edge")],
)
def test_one_click_leaves(visitor: Visitor, connection: sqlite3.Connection, body: bytes, content_type: str) -> None:
    status, _, text = visitor.ask("POST", link(), body, content_type)
    assert status == "200 OK"
    assert "no more issues" in text
    assert active(connection) == ["other@example.org"]
    assert visitor.ask("POST", link(), body, content_type)[2] == text, "twice is as once"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_scanner_changes_nothing(visitor: Visitor, connection: sqlite3.Connection, method: str) -> None:
    status, _, text = visitor.ask(method, link())
    assert status == "200 OK"
    assert ('<form method="post">' in text) is (method == "GET")
    assert len(active(connection)) == 2


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods(visitor: Visitor, connection: sqlite3.Connection, method: str) -> None:
    assert visitor.ask(method, link(), ONE_CLICK)[0] == "405 Method Not Allowed"
    assert len(active(connection)) == 2


@pytest.mark.parametrize(
    "body", [b"", b"x=y", b"List-Unsubscribe=No", b"\xff\xfe", b"List-Unsubscribe=One-Click&" * 99]
)
def test_a_post_that_does_not_say_so(visitor: Visitor, connection: sqlite3.Connection, body: bytes) -> None:
    assert visitor.ask("POST", link(), body)[0] == "400 Bad Request"
    assert len(active(connection)) == 2


def test_no_answer_tells_who_is_on_the_list(visitor: Visitor, connection: sqlite3.Connection) -> None:
    other_list = Signer(b"a secret of thirty-two characters", "https://example.org/other/")
    ours = link("reader@example.org")
    links = [link("nobody@example.org"), link(signer=other_list), ours[:-4] + "AAAA", ours]
    for method, body in (("GET", b""), ("HEAD", b""), ("POST", ONE_CLICK), ("POST", b"")):
        answers = [visitor.ask(method, each, body) for each in links]
        assert all(each == answers[0] for each in answers)
    assert active(connection) == ["other@example.org"], "of all these only one was hers"


def test_headers(visitor: Visitor) -> None:
    for method, path, body in (("GET", link(), b""), ("POST", link(), ONE_CLICK), ("GET", "/", b"")):
        _, headers, text = visitor.ask(method, path, body)
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "<script" not in text
        assert "reader@" not in text


def test_in_the_language_of_the_list(folder: Path, connection: sqlite3.Connection) -> None:
    assert "Darme de baja" in Visitor(folder, "es-MX").ask("GET", link())[2]
    assert '<html lang="en">' in Visitor(folder, "zh").ask("GET", link())[2]


def test_a_title_cannot_become_markup(folder: Path, connection: sqlite3.Connection) -> None:
    text = Visitor(folder, title="<script>{title} & Co.").ask("GET", link())[2]
    assert "<script>" not in text
    assert "&lt;script&gt;{title} &amp; Co." in text


def test_by_the_query_too(visitor: Visitor, connection: sqlite3.Connection) -> None:
    query = f"list=1&t={SIGNER.leave_token('reader@example.org')}"
    assert visitor.ask("POST", "/leave", ONE_CLICK, QUERY_STRING=query)[0] == "200 OK"
    assert active(connection) == ["other@example.org"]


@pytest.mark.parametrize("query", ["utm_source=mail", "a=b&c", "=", "%ff"])
def test_a_gateway_may_add_to_the_link(visitor: Visitor, connection: sqlite3.Connection, query: str) -> None:
    assert visitor.ask("POST", link(), ONE_CLICK + b"\r\n", QUERY_STRING=query)[0] == "200 OK"
    assert active(connection) == ["other@example.org"]


def test_a_body_in_chunks_as_servers_leave_it(visitor: Visitor, connection: sqlite3.Connection) -> None:
    more: dict[str, Any] = {"wsgi.input_terminated": True}
    assert visitor.ask("POST", link(), ONE_CLICK, CONTENT_LENGTH="", **more)[0] == "200 OK"
    assert active(connection) == ["other@example.org"]


@pytest.mark.parametrize("forged", [False, True])
def test_a_state_that_cannot_be_opened_is_a_passing_failure(tmp_path: Path, *, forged: bool) -> None:
    """For whatever has the form of a link: one that is none of ours takes the same way, and so the same time."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILE).write_bytes(b"no database" * 99)
    path = link()[:-4] + "AAAA" if forged else link()
    status, headers, _ = Visitor(tmp_path / "state").ask("POST", path, ONE_CLICK)
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "300")


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "TRACE"]),
    st.text(),
    st.text(),
    st.binary(max_size=200),
    st.sampled_from(CONTENT_TYPES),
    st.sampled_from([None, "", "-1", "x", "999999999", "3"]),
)  # fmt: skip
def test_whatever_is_asked(
    tmp_path: Path, method: str, path: str, query: str, body: bytes, content_type: str, length: str | None
) -> None:
    """An answer that is whole, and nobody leaves."""
    visitor = Visitor(tmp_path / "state")
    with opened(tmp_path / "state") as connection:
        if not subscribers.count(connection):
            join(connection, "reader@example.org")
        more = {} if length is None else {"CONTENT_LENGTH": length}
        raw_path = "/" + quote(path, safe="/.")
        environ = {"QUERY_STRING": quote(query, safe="=&"), **more}
        if content_type:
            environ["CONTENT_TYPE"] = content_type
        answer: list[str] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            answer.append(status)

        request: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": raw_path, "wsgi.input": io.BytesIO(body),
                                   "CONTENT_LENGTH": str(len(body)), **environ}  # fmt: skip
        b"".join(visitor.application(request, start_response)).decode()
        assert answer[0][:3] in ("200", "400", "404", "405")
        assert subscribers.count(connection) == {"active": 1}
