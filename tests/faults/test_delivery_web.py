"""`handbill web` in a real browser: no script, one button, and a link that is no use to anybody else."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

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
def serving(folder: Path) -> Iterator[str]:
    """The command, until this ends; gives the address."""
    (folder / "entries.toml").write_text(TOML, encoding="utf-8")
    with opened(folder / "state") as connection:
        address = addresses.parse("reader@example.org")
        subscribers.add(connection, SIGNER, address, name="", consent="form", now=NOW)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "handbill", "web", "--listen", f"127.0.0.1:{port}"]
    where = ["-f", str(folder / "entries.toml"), "--state", str(folder / "state")]
    with subprocess.Popen(
        [*command, *where], env={**os.environ, "HANDBILL_KEY": KEY}, stderr=subprocess.PIPE, text=True
    ) as process:
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
