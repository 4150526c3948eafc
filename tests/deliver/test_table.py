"""Lists in and out: each bad row is told, nobody who left comes back, and what goes out comes in again."""

import sqlite3
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists_of_subscribers import NOW, SIGNER, join

from handbill.deliver.state import opened
from handbill.deliver.subscribers import complain, erase, everyone, find, leave
from handbill.deliver.table import export, import_rows, read_table


def test_columns_by_any_name_in_any_order() -> None:
    table = read_table("Name;E-Mail;Town\r\nÅsa Öberg;asa@example.org;Malmö\r\n".encode("cp1252"))
    assert [(row.line, row.address and row.address.shown, row.name) for row in table.rows] == [
        (2, "asa@example.org", "Åsa Öberg")
    ]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_bare_list_of_addresses(start: bytes, end: bytes) -> None:
    table = read_table(start + b"a@example.org" + end + end + b"b@example.org" + end)
    assert [row.line for row in table.rows] == [1, 3]


def test_every_bad_row_is_told_with_its_line() -> None:
    table = read_table(
        b'address,name\na@example.org,A\nnobody,B\n"b@example.org","two\nlines"\n,C\nc@example.org,C\nA@EXAMPLE.org,D\n'
        b"d@example.org@example.org,E\n"
    )
    assert [row.line for row in table.rows] == [2, 4, 7]
    assert [row.line for row in table.bad] == [3, 6, 9]
    assert table.doubled == [8]
    assert table.rows[1].name == "two lines"


def test_an_import_brings_nobody_back(connection: sqlite3.Connection) -> None:
    join(connection, "left@example.org", "spam@example.org", "erased@example.org", "active@example.org")
    known = {each.address: each for each in everyone(connection)}
    leave(connection, known["left@example.org"].id, NOW, "")
    complain(connection, known["spam@example.org"].id, NOW, "")
    erase(connection, SIGNER, known["erased@example.org"], NOW)
    rows = read_table(
        b"LEFT@example.org\nspam@example.org\nErased@example.org\nactive@example.org\nnew@example.org\n"
    ).rows
    result = import_rows(connection, SIGNER, rows, consent="old list", now=NOW)
    assert (result.new, result.known) == (1, 1)
    assert [(line, each.state) for line, each in result.kept_out] == [(1, "left"), (2, "complained"), (3, "left")]
    active = [each.address for each in everyone(connection, "active")]
    assert active == ["active@example.org", "new@example.org"]


def test_what_goes_out_comes_in_again(connection: sqlite3.Connection, tmp_path: Path) -> None:
    join(connection, "a@example.org", "left@example.org", "erased@example.org", "ü@bücher.example.org")
    known = {each.address: each for each in everyone(connection)}
    leave(connection, known["left@example.org"].id, NOW, "")
    erase(connection, SIGNER, known["erased@example.org"], NOW)
    connection.execute("UPDATE subscriber SET name = '=HYPERLINK(1)', consent = '+1' WHERE match = 'a@example.org'")
    out = "".join(export(everyone(connection)))
    assert ",'=HYPERLINK(1),active," in out
    with opened(tmp_path / "moved") as other:
        table = read_table(out.encode())
        assert table.bad == []
        import_rows(other, SIGNER, table.rows, consent="moved", now=NOW)
        assert "".join(export(everyone(other))).split() == out.split()
        erased = find(other, "erased@example.org", SIGNER)
        assert erased
        assert erased.state == "left"
        assert {each.consent for each in everyone(other, "active")} == {"+1", "form, 2026-01-01"}


@pytest.mark.slow
def test_ten_thousand_rows_are_quick(connection: sqlite3.Connection) -> None:
    raw = "".join(f"reader{number}@example.org,Reader {number}\n" for number in range(10_000)).encode()
    begin = perf_counter()
    result = import_rows(connection, SIGNER, read_table(raw).rows, consent="bulk", now=NOW)
    assert result.new == 10_000
    assert perf_counter() - begin < 5


@given(st.binary())
def test_any_bytes_are_read(raw: bytes) -> None:
    table = read_table(raw)
    assert all(line > 0 for line in [*(row.line for row in table.rows), *(bad.line for bad in table.bad)])


@given(st.lists(st.lists(st.text(alphabet=st.sampled_from(list("a@example.org,;\"'=\n\r\t é")), max_size=20))))
def test_any_cells_are_read(rows: list[list[str]]) -> None:
    read_table("\n".join(",".join(row) for row in rows).encode())
