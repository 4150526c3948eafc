"""The rules that feeds are held to notice each kind of fault."""

import pytest
from feed_rules import atom_faults, json_feed_faults, rss_faults

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x:1</id><title>T</title><updated>2010-11-23T05:00:00Z</updated>
<author><name>A</name></author><link rel="self" href="https://example.org/atom.xml"/>
<entry><id>urn:x:2</id><title>T</title><updated>2010-11-23T05:00:00Z</updated><link href="https://example.org/"/></entry>
</feed>"""

RSS = """<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>T</title><link>https://example.org/</link>
<description>D</description><a:link rel="self" href="https://example.org/rss.xml"/><item><title>T</title>
<guid isPermaLink="false">urn:x:2</guid><pubDate>Tue, 23 Nov 2010 05:00:00 +0000</pubDate>
<enclosure url="https://example.org/a.mp3" length="1" type="audio/mpeg"/></item></channel></rss>"""

JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": "https://example.org/feed.json",
"authors": [{"name": "A"}], "_own": 1, "items": [{"id": "urn:x:2", "content_text": "C", "tags": ["t"],
"date_published": "2010-11-23T05:00:00Z", "attachments": [{"url": "https://example.org/a", "mime_type": "audio/mpeg",
"size_in_bytes": 1}]}]}"""


def test_right_feeds_pass() -> None:
    assert json_feed_faults(JSON.encode()) == []
    assert atom_faults(ATOM.encode()) == []
    assert rss_faults(RSS.encode()) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('<feed xmlns="http://www.w3.org/2005/Atom">', '<feed xmlns="urn:x">', "the root is {urn:x}feed"),
        ("<id>urn:x:2</id>", "", "0 times id in entry"),
        ("<title>T</title>", "<title>T</title><title>U</title>", "2 times title in feed"),
        ("<title>T</title>", "<name>T</name>", "name in feed"),
        ("<title>T</title>", '<title type="xhtml">T</title>', "title of type xhtml with 0 elements inside"),
        ("<title>T</title>", "<title><b/></title>", "title of type text with 1 elements inside"),
        ("<name>A</name>", "", "0 times name in author"),
        ("<author><name>A</name></author>", "", "an entry without an author"),
        ("2010-11-23T05:00:00Z", "2010-11-23", "'2010-11-23' is no date"),
        ("2010-11-23T05:00:00Z", "2010-11-31T05:00:00Z", "'2010-11-31T05:00:00Z' is no date"),
        ("<id>urn:x:1</id>", "<id>x</id>", "'x' is no absolute address"),
        ("<entry>", '<entry><category term=""/>', "a category without a term"),
        ('rel="self"', 'rel="next"', "the feed does not say where it is"),
        ('<link href="https://example.org/"/>', "", "an entry with neither a link nor content"),
        ("<entry>", '<entry><link href="urn:x:3"/>', "two alternate links of one type and language"),
        ('href="https://example.org/"', 'href="/a"', "'/a' is no absolute address"),
        ('href="https://example.org/"', 'href="urn:x:3" type="x"', "'x' is no media type"),
        ('href="https://example.org/"', 'href="urn:x:3" length="1 MB"', "'1 MB' is no length"),
        (
            "</entry>",
            "</entry><entry><id>urn:x:2</id><title>T</title><updated>2010-11-23T05:00:00Z</updated>"
            '<link href="urn:x:3"/></entry>',
            "urn:x:2 is used 2 times",
        ),
    ],
)
def test_faults_in_atom_are_noticed(right: str, wrong: str, fault: str) -> None:
    assert right in ATOM
    assert fault in atom_faults(ATOM.replace(right, wrong, 1).encode())


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('version="2.0"', 'version="0.91"', "the root is rss 0.91"),
        ("<description>D</description>", "", "0 times description in channel"),
        ("<description>D</description>", "<published>D</published>", "published in channel"),
        ("<item><title>T</title>", "<item>", "an item with neither a title nor a description"),
        ("Tue, 23", "Mon, 23", "'Mon, 23 Nov 2010 05:00:00 +0000' is no date"),
        ("Tue, 23 Nov 2010 05:00:00 +0000", "2010-11-23", "'2010-11-23' is no date"),
        ("<link>https://example.org/</link>", "<link>/</link>", "'/' is no absolute address"),
        ("</item>", "<author>A</author></item>", "'A' is no mail address"),
        (' length="1"', "", "an enclosure with [('url', 'https://example.org/a.mp3'), ('type', 'audio/mpeg')]"),
        ('isPermaLink="false"', "", "'urn:x:2' is taken for an address"),
        ("</item>", "</item><item><title>U</title><guid>urn:x:2</guid></item>", "urn:x:2 is used 2 times"),
        ('rel="self"', 'rel="next"', "the feed does not say where it is"),
    ],
)
def test_faults_in_rss_are_noticed(right: str, wrong: str, fault: str) -> None:
    assert right in RSS
    assert fault in rss_faults(RSS.replace(right, wrong, 1).encode())


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("1.1", "1", "the version is https://jsonfeed.org/version/1"),
        ('"title": "T", ', "", "no title in feed"),
        ('"title": "T"', '"title": ""', "title in feed: ''"),
        ('"title"', '"name": "T", "title"', "name in feed: 'T'"),
        ('[{"name": "A"}]', '["A"]', "authors in feed: ['A']"),
        ('"name": "A"', '"email": "A"', "email in author: 'A'"),
        ('"id": "urn:x:2"', '"id": 2', "id in item: 2"),
        ('"content_text": "C", ', "", "an item without content"),
        ('["t"]', "[1]", "tags in item: [1]"),
        ("T05:00:00Z", "", "date_published in item: '2010-11-23'"),
        ('"mime_type": "audio/mpeg",', "", "no mime_type in attachment"),
        ('"size_in_bytes": 1', '"size_in_bytes": "1"', "size_in_bytes in attachment: '1'"),
        ('"items": [', '"items": [{"id": "urn:x:2", "content_text": "D"}, ', "urn:x:2 is used 2 times"),
    ],
)
def test_faults_in_json_feed_are_noticed(right: str, wrong: str, fault: str) -> None:
    assert right in JSON
    assert fault in json_feed_faults(JSON.replace(right, wrong, 1).encode())
