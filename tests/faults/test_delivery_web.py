"""`handbill web` in a real browser: no script, one button, and a link that is no use to anybody else."""

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lists_of_subscribers import NOW

from handbill.deliver import addresses, subscribers
from handbill.deliver.state import opened
from handbill.deliver.tokens import Signer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KEY = "k" * 40
SITE = "https://example.org/harbour/"
SIGNER = Signer(KEY.encode(), SITE)
TOML = f'[site]\ntitle = "Noticias del puerto"\nurl = "{SITE}"\nlang = "es"\n'


@contextmanager
def serving(folder: Path, text: str = TOML) -> Iterator[str]:
    """The command, until this ends; gives the address."""
    (folder / "entries.toml").write_text(text, encoding="utf-8")
    with opened(folder / "state") as connection:
        address = addresses.parse("reader@example.org")
        subscribers.add(connection, SIGNER, address, name="", consent="form", now=NOW)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "handbill", "web", "--listen", f"127.0.0.1:{port}"]
    where = ["-f", str(folder / "entries.toml"), "--state", str(folder / "state")]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen([*command, *where], env={**os.environ, "HANDBILL_KEY": KEY}, stderr=log) as process,
    ):
        try:
            until = time.monotonic() + 20
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert process.poll() is None
                    assert time.monotonic() < until
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/leave/"
        finally:
            process.terminate()


def state(folder: Path) -> str:
    with opened(folder / "state") as connection:
        found = subscribers.find(connection, "reader@example.org")
        assert found
        return found.state


def test_a_person_leaves(tmp_path: Path, browser: "Browser") -> None:
    with serving(tmp_path) as address:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 560})
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda message: wrong.append(message.text))
        page.on("request", lambda request: None if request.url.startswith(address) else wrong.append(request.url))
        page.goto(address + SIGNER.leave_token("reader@example.org"))
        assert page.get_by_role("heading").inner_text() == "Dejar «Noticias del puerto»"
        assert state(tmp_path) == "active"
        button = page.get_by_role("button", name="Darme de baja")
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        button.click()
        assert page.get_by_role("heading").inner_text() == "Hecho"
        assert [each for each in wrong if "favicon" not in each] == []
        context.close()
    assert state(tmp_path) == "left"


def test_headers_as_served(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        port = int(re.findall(r":([0-9]+)/", address)[0])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            request = (
                f"POST /leave/{SIGNER.leave_token('reader@example.org')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            )
            body = "List-Unsubscribe=One-Click"
            form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            connection.sendall((request + form).encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 200 OK")
    assert "Cache-Control: no-store" in answer
    assert not re.search(r"(?im)^server:", answer)
    assert state(tmp_path) == "left"


TOKEN = SIGNER.leave_token("reader@example.org")
STRANGER = Signer(b"another secret of another list....", SITE).leave_token("reader@example.org")
ONE_CLICK = b"List-Unsubscribe=One-Click"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "post", "G\xe9T", "A" * 9000)
PATHS = ("/", "/leave", "/leave/", f"/leave/{TOKEN}", f"/leave/{TOKEN}x", f"/leave/{TOKEN[:-1]}", f"/{STRANGER}",
         f"/leave/{TOKEN}/", f"/leave?t={TOKEN}", "*", "http://x/leave", "//", "/../../etc/passwd", "/%00", "/%ff%fe",
         "/%", "/\xff", "/leave/" + "a" * 70_000, f"/leave/{TOKEN}?" + "x=y&" * 5000, "", " ")  # fmt: skip
HEADERS = ("Content-Length: 26", "Content-Length: -1", "Content-Length: x", "Content-Length: 99999999999999999999",
           "Content-Length: 5\r\nContent-Length: 6", "Content-Length: +26", "Content-Length: 2_6", "Content-Length:",
           "Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked",
           "Transfer-Encoding: chunked\r\nContent-Length: 3", "Content-Type: multipart/form-data; boundary=",
           "Content-Type: multipart/form-data; boundary=\xff", "Content-Type: application/x-www-form-urlencoded",
           "Content-Type: \xe9\xe9", "Expect: 100-continue", "Expect: x", "X: " + "y" * 300_000, "Y: z\r\n" * 3000,
           "no header", ": x", "A\0: b", "Host: a\r\n folded", "Connection: Upgrade", "Range: bytes=0-")  # fmt: skip
BODIES = (b"", ONE_CLICK[:-1], b"1a\r\nList-Unsubscribe=One-Clic\r\n0\r\n\r\n", b"zz\r\nx\r\n", b"-1\r\n", b"\xff" * 9,
          b"a=b&" * 40_000, b"--x\r\n" * 500, b"0\r\n\r\n", b"fffffffffffffffff\r\n", b"\0" * 70_000)  # fmt: skip


def ask(port: int, request: bytes) -> bytes:
    """What the server says to these bytes, however it takes them."""
    with socket.create_connection(("127.0.0.1", port), 3) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            return b""


def test_whatever_is_sent_to_the_server(tmp_path: Path, *, campaign: bool) -> None:
    """Nobody leaves, nothing is told, nothing breaks: methods, paths, lengths, sizes and encodings at random."""
    dice = random.Random(20)
    seen: set[bytes] = set()
    with serving(tmp_path) as address:
        port = int(re.findall(r":([0-9]+)/", address)[0])
        for _ in range(6000 if campaign else 250):
            method = dice.choice(METHODS[:4] if dice.random() < 0.6 else METHODS)
            lines = [f"{method} {dice.choice(PATHS)} HTTP/{dice.choice(['1.1', '1.1', '1.1', '1.0', '9', ''])}"]
            lines += ["Host: x", "Connection: close", *dice.choices(HEADERS, k=max(0, dice.randrange(-2, 4)))]
            request = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + dice.choice(BODIES)
            answer = ask(port, request[: dice.randrange(len(request))] if dice.random() < 0.05 else request)
            assert b"reader@" not in answer
            assert b"Traceback" not in answer
            if answer:
                seen.add(answer[9:12])
        whole = f"GET /leave/{TOKEN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        assert ask(port, whole).startswith(b"HTTP/1.1 200 OK"), "it serves as before"
    assert seen >= {b"200", b"400", b"404", b"405"}
    assert seen <= {b"200", b"400", b"404", b"405", b"413", b"431", b"501", b"100"}, seen
    log = (tmp_path / "log").read_text()
    assert "Traceback" not in log, log
    assert "reader@" not in log
    assert TOKEN not in log
    assert state(tmp_path) == "active"


@pytest.mark.parametrize("sent", ["length", "chunks"])
def test_one_click_however_it_is_sent(tmp_path: Path, sent: str) -> None:
    framing, body = ("Content-Length: 26", ONE_CLICK)
    if sent == "chunks":
        framing, body = "Transfer-Encoding: chunked", b"1a\r\n" + ONE_CLICK + b"\r\n0\r\n\r\n"
    form = "Content-Type: application/x-www-form-urlencoded"
    with serving(tmp_path) as address:
        port = int(re.findall(r":([0-9]+)/", address)[0])
        head = f"POST /leave/{TOKEN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{form}\r\n{framing}\r\n\r\n"
        assert ask(port, head.encode() + body).startswith(b"HTTP/1.1 200 OK")
    assert state(tmp_path) == "left"


def test_it_serves_although_the_file_has_a_mistake(tmp_path: Path) -> None:
    """Who leaves need not wait for the editor."""
    with serving(tmp_path):
        pass
    with serving(tmp_path, TOML.replace("title =", "titel =")) as address:
        port = int(re.findall(r":([0-9]+)/", address)[0])
        answer = ask(port, f"GET /leave/{TOKEN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert "Dejar «Noticias del puerto»" in answer.decode()
