"""Lists as other programs write them: which column holds what, and who must not be sent anything."""

import sqlite3

import pytest
from lists_of_subscribers import NOW, SIGNER, join

from handbill.deliver.subscribers import events, everyone, find
from handbill.deliver.table import Table, export, import_rows, read_table

MAILCHIMP = '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME'


def people(table: Table) -> list[tuple[str, str, str]]:
    assert table.bad == []
    return [(row.address.shown if row.address else "", row.name, row.state) for row in table.rows]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (f'{MAILCHIMP}\nreader@example.org,Åsa,Öberg,2,"2024-03-01 10:00:00",\n'.encode(), "Åsa Öberg"),
        ("E-Mail-Adresse;Vorname;Nachname\r\nreader@example.org;Åsa;Öberg\r\n".encode("cp1252"), "Åsa Öberg"),
        ("Name\tE-mail\r\nÅsa Öberg\treader@example.org\r\n".encode("utf-16"), "Åsa Öberg"),
        ("Name\tE-mail\r\nÅsa Öberg\treader@example.org\r\n".encode("utf-16-le"), "Åsa Öberg"),
        ("sep=;\r\nName;E-mail\r\nÅsa Öberg;reader@example.org\r\n".encode("utf-8-sig"), "Åsa Öberg"),
        ("First Name,Last Name,E-mail 1 - Value\nÅsa,Öberg,reader@example.org\n".encode(), "Åsa Öberg"),
        ('"Name, full";"E-mail"\n"Öberg, Åsa";reader@example.org\n'.encode(), ""),
        ("Meno,Mailová adresa\nÅsa Öberg,reader@example.org\n".encode(), "Åsa Öberg"),
        ("Åsa Öberg,reader@example.org\n".encode(), "Åsa Öberg"),
        ("Åsa Öberg <reader@example.org>\n".encode(), "Åsa Öberg"),
        (b"email\nmailto:reader@example.org\n", ""),
        ("email\n\u200breader@example.org\u00a0\n".encode(), ""),
        ('email,name\nreader@example.org,"Åsa\r\nÖberg"\n'.encode(), "Åsa Öberg"),
    ],
    ids=["Mailchimp", "Windows-1252", "UTF-16", "UTF-16 without mark", "sep", "Google", "unknown", "Slovak",
         "no headings", "as in a header", "mailto", "invisible marks", "line break"],
)  # fmt: skip
def test_other_programs_lists(raw: bytes, name: str) -> None:
    assert people(read_table(raw)) == [("reader@example.org", name, "active")]


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        (b"Email Address,First Name,UNSUB_TIME,UNSUB_REASON\nreader@example.org,A,2024-03-01 10:00:00,\n", "left"),
        (b"Email Address,First Name,CLEAN_TIME\nreader@example.org,A,2024-03-01 10:00:00\n", "bouncing"),
        (b"email,status\nreader@example.org,Unsubscribed\n", "left"),
        (b"email,status\nreader@example.org,cleaned\n", "bouncing"),
        (b"email,subscribed\nreader@example.org,FALSE\n", "left"),
        (b"email,state\nreader@example.org,active\nREADER@example.org,left\n", "left"),
        (b"email,state\nreader@example.org,complained\nREADER@example.org,active\n", "complained"),
    ],
)
def test_who_left_elsewhere_does_not_begin_here(raw: bytes, state: str) -> None:
    assert [each[2] for each in people(read_table(raw))] == [state]


def test_a_file_of_those_who_left(connection: sqlite3.Connection) -> None:
    """Programs give them out as a list of addresses and nothing else."""
    join(connection, "reader@example.org")
    rows = read_table(b"reader@example.org\nother@example.org\n", state="left").rows
    assert import_rows(connection, SIGNER, rows, consent="", now=NOW).suppressed == 2
    assert {each.state for each in everyone(connection)} == {"left"}


def test_a_state_that_nobody_knows_is_a_bad_row() -> None:
    table = read_table(b"email,status\nreader@example.org,pending\n")
    assert [bad.why for bad in table.bad] == ["the state 'pending' is none of active, left, bouncing, complained"]


def test_an_open_quotation_mark_is_told_and_swallows_nobody_in_silence() -> None:
    table = read_table(b'email,name\na@example.org,A\nb@example.org,"B\nc@example.org,C\n')
    assert [row.line for row in table.rows] == [2]
    assert [(bad.line, bad.why) for bad in table.bad] == [
        (3, "a quotation mark is not closed, and takes all that follows with it")
    ]


def test_a_mistyped_first_address_is_no_heading() -> None:
    table = read_table(b"reader.example.org\nb@example.org\n")
    assert [bad.line for bad in table.bad] == [1]


def test_a_spreadsheet_is_no_list() -> None:
    assert "save it as" in read_table(b"PK\x03\x04rest").bad[0].why


def test_dates_come_with_the_states(connection: sqlite3.Connection) -> None:
    raw = b"address,name,state,since,consent\r\na@example.org,,left,2025-02-03T04:05:06Z,form\r\n"
    import_rows(connection, SIGNER, read_table(raw).rows, consent="", now=NOW)
    assert "".join(export(everyone(connection))).encode() == raw
    found = find(connection, "a@example.org")
    assert found
    assert [(each.what, each.at) for each in events(connection, found.id)] == [("imported as left", NOW)]


def test_what_outweighs_what(connection: sqlite3.Connection) -> None:
    join(connection, "a@example.org", "b@example.org")
    rows = read_table(b"address,state\na@example.org,bouncing\n").rows
    import_rows(connection, SIGNER, rows, consent="", now=NOW)
    for state in ("left", "bouncing", "complained", "left", "active"):
        raw = f"address,state\na@example.org,{state}\n".encode()
        import_rows(connection, SIGNER, read_table(raw).rows, consent="", now=NOW)
    found = find(connection, "a@example.org")
    assert found
    assert [each.what for each in events(connection, found.id)] == ["joined", "bouncing", "left", "complained"]


def test_erased_elsewhere_is_erased_here(connection: sqlite3.Connection) -> None:
    join(connection, "a@example.org")
    hashes = [SIGNER.handle(f"{name}@example.org") for name in ("a", "b")]
    raw = "address\n" + "".join(f"erased:{each}\n" for each in hashes) + "b@example.org\n"
    result = import_rows(connection, SIGNER, read_table(raw.encode()).rows, consent="", now=NOW)
    assert (result.new, result.suppressed) == (0, 2)
    assert [(each.address, each.hash, each.state) for each in everyone(connection)] == [
        (None, each, "left") for each in hashes
    ]
