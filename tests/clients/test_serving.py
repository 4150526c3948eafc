"""The settings in ``scripts/serve`` make real web servers serve feeds as ``docs/serving.md`` says."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from browser import opened
from publication import build
from web_servers import ADDRESS, HUB, Web, web_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SERVERS = [pytest.param(name, marks=pytest.mark.needs(name)) for name in ("nginx", "caddy", "apache2")]
CHINESE = "/category/" + quote("新闻") + ".xml"
HEAD = f'[site]\ntitle = "Harbour"\nurl = "{ADDRESS}/"\nentries-in-feed = 5\nhubs = ["{HUB}"]\n'
ENTRY = '\n[[entry]]\ndate = 2026-03-{0:02}\ntitle = "Entry {0}"\ncategories = ["新闻"]\n'
TEXT = HEAD + "".join(ENTRY.format(day) for day in range(12, 0, -1))
UNFINISHED = ".atom.xml.handbill~"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list with archives and a name that is not ASCII, in the middle of a write, with an issue of the digest."""
    made = build(tmp_path_factory.mktemp("served"), TEXT)
    for name in (UNFINISHED, f"category/{UNFINISHED}"):
        (made / name).write_text("<half")
    (made / "digest").mkdir()
    (made / "digest" / "2026-04-01.txt").write_text("Entry 12 – new\n" * 50, encoding="utf-8")
    return made


@pytest.fixture(scope="module", params=SERVERS)
def web(request: pytest.FixtureRequest, folder: Path) -> Iterator[Web]:
    """Each server in turn."""
    with web_server(request.param, folder) as started:
        yield started


TYPES = {
    "/": "text/html; charset=utf-8",
    "/index.html": "text/html; charset=utf-8",
    "/atom.xml": "application/xml; charset=utf-8",
    "/rss.xml": "application/xml; charset=utf-8",
    "/archive/1.xml": "application/xml; charset=utf-8",
    CHINESE: "application/xml; charset=utf-8",
    "/feed.json": "application/feed+json",
    "/feeds.opml": "text/x-opml; charset=utf-8",
    "/feed.css": "text/css; charset=utf-8",
    "/digest/2026-04-01.txt": "text/plain; charset=utf-8",
}


@pytest.mark.parametrize("path", TYPES)
def test_media_types_caching_and_bytes(web: Web, folder: Path, path: str) -> None:
    answer = web.ask(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == TYPES[path]
    assert answer.headers["cache-control"] == ("max-age=86400" if "/archive/" in path else "max-age=300")
    assert answer.headers["x-content-type-options"] == "nosniff"
    on_disk = {"/": "index.html", CHINESE: "category/新闻.xml"}.get(path, path[1:])
    assert answer.body == (folder / on_disk).read_bytes()
    head = web.ask(path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-type"] == TYPES[path]


@pytest.mark.parametrize("path", TYPES)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_who_has_it_already_gets_304(web: Web, path: str, coding: str) -> None:
    first = web.ask(path, Accept_Encoding=coding)
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    for condition in ({"If_None_Match": tag}, {"If_Modified_Since": modified}):
        again = web.ask(path, Accept_Encoding=coding, **condition)
        assert (again.status, again.body) == (304, b""), condition
    assert web.ask(path, Accept_Encoding=coding, If_None_Match='"another"').status == 200


@pytest.mark.parametrize("path", TYPES)
def test_everything_is_compressed_for_who_can_read_it(web: Web, path: str) -> None:
    plain = web.ask(path, Accept_Encoding="identity")
    packed = web.ask(path, Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert len(packed.body) < len(plain.body)
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["content-type"] == plain.headers["content-type"]


@pytest.mark.parametrize("path", ["/atom.xml", "/rss.xml", "/feed.json", CHINESE])
def test_hub_and_self_are_in_the_header_as_in_the_document(web: Web, folder: Path, path: str) -> None:
    answer = web.ask(path + "?from=somewhere")
    assert answer.headers["link"] == f'<{HUB}>; rel="hub", <{ADDRESS}{path}>; rel="self"'
    if path.endswith(".json"):
        assert json.loads(answer.body)["feed_url"] == ADDRESS + path
        return
    links = ElementTree.fromstring(answer.body).iter("{http://www.w3.org/2005/Atom}link")
    said = {link.get("rel"): link.get("href") for link in links}
    assert (said["hub"], said["self"]) == (HUB, ADDRESS + path)


def test_only_feeds_that_a_hub_is_told_of_name_it(web: Web) -> None:
    for path in ("/", "/archive/1.xml", "/feeds.opml", "/feed.css"):
        assert "link" not in web.ask(path).headers


def test_scripts_of_other_sites_may_read_the_feeds(web: Web) -> None:
    for path in ("/atom.xml", "/feed.json", "/feeds.opml", CHINESE):
        assert web.ask(path, Origin="https://reader.example.org").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in web.ask("/").headers


@pytest.mark.parametrize(
    "path", [f"/{UNFINISHED}", f"/category/{UNFINISHED}", "/ledger.jsonl", "/.htaccess", "/gone.xml"]
)
def test_what_is_no_part_of_the_publication_is_not_there(web: Web, path: str) -> None:
    answer = web.ask(path)
    assert answer.status in (403, 404)
    assert b"<half" not in answer.body
    assert "cache-control" not in answer.headers
    assert "link" not in answer.headers


def test_a_person_who_opens_a_feed_understands_it(web: Web, browser: "Browser") -> None:
    for path in ("atom.xml", "rss.xml", "archive/1.xml"):
        with opened(browser, f"http://127.0.0.1:{web.port}/{path}") as page:
            assert "This is a feed" in page.evaluate("getComputedStyle(document.documentElement, '::before').content")


@pytest.mark.parametrize("program", SERVERS)
def test_a_moved_site_leads_to_the_new_address(program: str, folder: Path) -> None:
    with web_server(program, folder, "-moved") as web:
        for path in ("/", "/atom.xml", "/archive/1.xml", CHINESE, "/feed.json"):
            for method in ("GET", "HEAD"):
                answer = web.ask(path, method, host="old.example.org")
                assert (answer.status, answer.headers["location"]) == (301, ADDRESS + path)
