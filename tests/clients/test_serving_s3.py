"""``scripts/serve/s3`` uploads what is published, as it must be served, in an order in which no link dangles."""

import os
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

import pytest
from publication import build

SCRIPT = Path(__file__).parents[2] / "scripts" / "serve" / "s3"
HEAD = '[site]\ntitle = "Harbour"\nurl = "https://news.example.org/"\nentries-in-feed = 5\n'
ENTRY = '\n[[entry]]\ndate = 2026-03-{0:02}\ntitle = "Entry {0}"\ncategories = ["新闻"]\n'
UNFINISHED = ".atom.xml.handbill~"
TYPES = {
    "xml": "application/xml; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/feed+json",
    "opml": "text/x-opml; charset=utf-8",
}


class Store(ThreadingHTTPServer):
    """As much of an S3-like store as an upload needs: an empty bucket that takes what it is given."""

    def __init__(self) -> None:
        self.taken: dict[str, tuple[str | None, str | None]] = {}
        """By path below the prefix, in the order of arrival: media type and Cache-Control."""
        super().__init__(("127.0.0.1", 0), _Request)


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b'<?xml version="1.0"?><ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>')

    def do_PUT(self) -> None:
        assert isinstance(self.server, Store)
        self.rfile.read(int(self.headers["Content-Length"]))
        path = unquote(urlsplit(self.path).path).removeprefix("/bucket/list/")
        assert path not in self.server.taken, "uploaded twice"
        self.server.taken[path] = (self.headers["Content-Type"], self.headers["Cache-Control"])
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("ETag", '"0"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def store() -> Iterator[Store]:
    server = Store()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.needs("aws")
def test_uploads_each_file_once_as_it_must_be_served(store: Store, tmp_path: Path) -> None:
    feeds = build(tmp_path, HEAD + "".join(ENTRY.format(day) for day in range(12, 0, -1)))
    published = {str(path.relative_to(feeds)) for path in feeds.rglob("*") if path.is_file()} - {"ledger.jsonl"}
    for name in ("digest", "years"):
        (feeds / name).mkdir()
    for name in ("digest/2026-04-01.html", "digest/2026-04-01.txt", "years/2025.html"):
        (feeds / name).write_text("words")
        published.add(name)
    for name in (UNFINISHED, f"category/{UNFINISHED}", ".htaccess"):
        (feeds / name).write_text("<half")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "S3_ENDPOINT": f"http://127.0.0.1:{store.server_port}",
    }
    words = [str(SCRIPT), str(feeds), "s3://bucket/list/"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert store.taken.keys() == published
    for path, (media_type, cache) in store.taken.items():
        assert media_type == TYPES[path.rpartition(".")[2]], path
        assert cache == ("max-age=86400" if path.startswith("archive/") else "max-age=300"), path
    order = list(store.taken)
    assert order[0] == "feed.css"
    assert order.index("archive/2.xml") < order.index("atom.xml")
    assert order.index("years/2025.html") < order.index("index.html") < order.index("atom.xml")
    assert order.index("category/新闻.xml") < order.index("index.html")
    assert order[-1] == "feeds.opml"


def test_says_how_it_is_called() -> None:
    done = subprocess.run([str(SCRIPT)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr[:6]) == (2, "Usage:")
