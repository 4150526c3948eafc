"""Files come whole, only when their bytes change, and links never dangle between them."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.write import BusyError, MisplacedError, WriteError, locked, put_files, standing, text_of, whole


def replace_files(out: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    with locked(out, 0) as folder:
        return folder.replace(files)


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*") if p.is_file()}


FILES = [("a.xml", b"A"), ("sub/b.xml", b"B"), ("index.html", b"I")]


def test_the_same_again_touches_nothing(tmp_path: Path) -> None:
    assert replace_files(tmp_path, FILES) == ["a.xml", "sub/b.xml", "index.html"]
    before = stamps(tmp_path)
    assert replace_files(tmp_path, FILES) == []
    assert stamps(tmp_path) == before


def test_files_to_look_at_are_not_touched_either(tmp_path: Path) -> None:
    put_files(tmp_path / "new", FILES)
    before = stamps(tmp_path)
    put_files(tmp_path / "new", FILES)
    assert stamps(tmp_path) == before
    assert tree(tmp_path / "new") == dict(FILES)


def test_only_what_changed_is_replaced(tmp_path: Path) -> None:
    replace_files(tmp_path, FILES)
    before = stamps(tmp_path)
    assert replace_files(tmp_path, [("a.xml", b"A2"), *FILES[1:]]) == ["a.xml"]
    changed = {Path(p).name for p, s in stamps(tmp_path).items() if before[p] != s}
    assert changed == {"a.xml"}


def test_what_is_new_comes_before_what_links_to_it(tmp_path: Path) -> None:
    replace_files(tmp_path, FILES)
    later = [("index.html", b"links to new.xml"), ("new.xml", b"N")]
    assert replace_files(tmp_path, later) == ["new.xml", "index.html"]


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "CNAME").write_text("example.org")
    replace_files(tmp_path, FILES)
    assert tree(tmp_path)["CNAME"] == b"example.org"


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    replace_files(tmp_path, FILES)
    (tmp_path / "sub" / ".b.xml.handbill~").write_bytes(b"half")
    replace_files(tmp_path, [("a.xml", b"A2")])
    assert not list(tmp_path.rglob(".*"))


def test_an_empty_folder_is_filled_at_once(tmp_path: Path) -> None:
    out = tmp_path / "feeds"
    (tmp_path / ".feeds.handbill~").mkdir()
    (tmp_path / ".feeds.handbill~" / "stale").write_bytes(b"of a killed run")
    replace_files(out, FILES)
    assert tree(out) == dict(FILES)
    assert [p.name for p in tmp_path.iterdir()] == ["feeds"]


def test_a_linked_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    out = tmp_path / "feeds"
    out.symlink_to("real")
    replace_files(out, FILES)
    assert out.is_symlink()
    assert tree(tmp_path / "real") == dict(FILES)


def test_what_stands_in_the_way_is_told_and_is_no_passing_failure(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    words = "out: something else stands where a folder must be; move it away, or name another place with --out"
    with pytest.raises(MisplacedError, match=words) as told:
        replace_files(tmp_path / "out", FILES)
    assert told.value.status == 2
    assert (tmp_path / "out").read_text() == "mine"
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(MisplacedError, match="dangling: something else"):
        replace_files(tmp_path / "dangling", FILES)


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xml" / "mine").mkdir(parents=True)
    with pytest.raises(MisplacedError, match=r"a\.xml: something else stands where a file must be"):
        replace_files(tmp_path, FILES)


def test_a_disk_that_says_no_leaves_the_old_files(tmp_path: Path) -> None:
    replace_files(tmp_path, FILES)
    code = "import resource, signal, sys; from pathlib import Path; from handbill.write import WriteError, locked\n"
    code += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (4, 4))\n"
    code += (
        "try:\n  with locked(Path(sys.argv[1]), 0) as f: f.replace([('a.xml', b'A2'), ('index.html', b'too large')])\n"
    )
    code += "except WriteError as error: print(error)"
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ended.stdout == f"{tmp_path}/index.html: file too large; what is published stayed whole\n"
    assert tree(tmp_path) == {**dict(FILES), "a.xml": b"A2"}


def test_missing_files_and_texts(tmp_path: Path) -> None:
    replace_files(tmp_path, FILES)
    assert standing(tmp_path) == {"a.xml", "sub/b.xml", "index.html"}
    assert text_of(tmp_path, "a.xml") == "A"
    assert text_of(tmp_path, "none.xml") is None
    with pytest.raises(WriteError):
        text_of(tmp_path, "sub")


def test_an_xml_document_that_is_cut_off_is_not_whole(tmp_path: Path) -> None:
    files = [
        ("a.xml", b"<feed/>"),
        ("b.xml", b"<feed></feed>\n"),
        ("c.xml", b"<rss></rss>"),
        ("d.html", b"<p"),
        ("e.xml", b""),
    ]
    replace_files(tmp_path, files)
    assert whole(tmp_path) == {"b.xml", "c.xml", "d.html"}
    assert standing(tmp_path) == {path for path, _ in files}


def test_a_second_run_waits_then_says_so(tmp_path: Path) -> None:
    with locked(tmp_path, 0), pytest.raises(BusyError, match="another run"), locked(tmp_path, 0.1):
        pass


def test_the_lock_of_a_dead_process_is_gone(tmp_path: Path) -> None:
    code = "import sys, time; from pathlib import Path; from handbill.write import locked\n"
    code += "with locked(Path(sys.argv[1]), 0): print('held', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(BusyError), locked(tmp_path, 0):
        pass
    process.kill()
    process.wait()
    with locked(tmp_path, 1):
        pass
    process.stdout.close()


def test_a_folder_put_in_the_place_of_the_locked_one_is_locked_itself(tmp_path: Path) -> None:
    out = tmp_path / "feeds"
    with locked(out, 0) as folder:
        folder.replace(FILES)
        handle = os.open(out, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(handle)


names = st.sampled_from(["a", "b", "c/d", "c/e"])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.dictionaries(names, st.binary(max_size=3)), max_size=4))
def test_after_each_round_the_files_are_what_was_meant(rounds: list[dict[str, bytes]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        meant: dict[str, bytes] = {}
        for files in rounds:
            changed = replace_files(Path(name), files.items())
            assert set(changed) == {path for path, data in files.items() if meant.get(path) != data}
            meant |= files
            assert tree(Path(name)) == meant


def test_time_is_not_spent_waiting_when_free(tmp_path: Path) -> None:
    begin = time.monotonic()
    with locked(tmp_path, 60):
        pass
    assert time.monotonic() - begin < 10
