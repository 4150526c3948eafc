"""A run with nothing to do is over at once; anything that changed, however slyly, is seen."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handbill.cli import main

FILE = '[site]\ntitle = "Harbour"\nurl = "https://example.org/"\n\n[[entry]]\ndate = 2026-03-01\ntitle = "News"\n'


class Checkout:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "entries.toml"
        self.out = folder / "feeds"
        self.file.write_text(FILE)

    def build(self) -> bool:
        """Build; tell whether it was over at once."""
        words = ["build", "-f", str(self.file), "--state", str(self.folder / "state")]
        code = "import sys; from handbill.cli import main; s = main(sys.argv[1:]); "
        code += "print(s, 'handbill.publish' in sys.modules)"
        ended = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
        status, worked = ended.stdout.split()[-2:]
        assert status == "0", ended.stderr
        return worked == "False"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path)
    assert not made.build()
    assert made.build()
    return made


def edit_keeping_size_and_time(checkout: Checkout) -> None:
    state = checkout.file.stat()
    checkout.file.write_text(FILE.replace("News", "Olds"))
    os.utime(checkout.file, ns=(state.st_atime_ns, state.st_mtime_ns))


def edit_twice_at_once(checkout: Checkout) -> None:
    checkout.file.write_text(FILE.replace("News", "Other news"))
    checkout.build()
    checkout.file.write_text(FILE.replace("News", "Other olds"))


def put_another_in_place(checkout: Checkout) -> None:
    (checkout.folder / "new").write_text(FILE)
    (checkout.folder / "new").replace(checkout.file)


def add_a_template(checkout: Checkout) -> None:
    (checkout.folder / "templates").mkdir()
    (checkout.folder / "templates" / "page.css").write_text("body { color: #111 }")


CHANGES: dict[str, Callable[[Checkout], object]] = {
    "the file is edited": lambda c: c.file.write_text(FILE.replace("News", "Newer news")),
    "the file is edited, its size and time kept": edit_keeping_size_and_time,
    "the file is edited in the moment of a build": edit_twice_at_once,
    "the file is put in place by another name": put_another_in_place,
    "a feed is deleted": lambda c: (c.out / "rss.xml").unlink(),
    "a feed is edited": lambda c: (c.out / "rss.xml").write_text("broken"),
    "the ledger is deleted": lambda c: (c.out / "ledger.jsonl").unlink(),
    "a template of the user's own appears": add_a_template,
    "the stamp is garbage": lambda c: [p.write_bytes(b"\xff\n\n\n") for p in (c.folder / "state").glob("stamp-*")],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changed_is_seen(checkout: Checkout, change: Callable[[Checkout], object]) -> None:
    change(checkout)
    assert not checkout.build()
    assert (checkout.out / "rss.xml").stat().st_size > 100
    assert checkout.build()


def test_the_clock_alone_can_make_work(tmp_path: Path) -> None:
    made = Checkout(tmp_path)
    made.file.write_text(FILE.replace("2026-03-01", "2099-03-01"))
    made.build()
    (stamp,) = (tmp_path / "state").glob("stamp-*")
    lines = stamp.read_text().split("\n")
    assert int(lines[2]) == 4076006400  # 2099-03-01 in UTC
    assert made.build()
    stamp.write_text("\n".join([*lines[:2], "1000", *lines[3:]]))
    assert not made.build()


def test_a_pretended_time_leaves_no_stamp(tmp_path: Path) -> None:
    made = Checkout(tmp_path)
    words = ["build", "-f", str(made.file), "--state", str(tmp_path / "state"), "--now", "2026-04-01"]
    assert main(words) == 0
    assert list((tmp_path / "state").glob("stamp-*")) == []


def test_a_state_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    made = Checkout(tmp_path)
    (tmp_path / "state").write_text("in the way")
    assert not made.build()
    assert not made.build()


def test_a_run_with_nothing_to_do_imports_next_to_nothing(checkout: Checkout) -> None:
    """What Python itself has imported when it starts, and a few modules of ours: that is how it is quick."""
    words = ["build", "-f", str(checkout.file), "--state", str(checkout.folder / "state")]
    code = "import sys; before = {*sys.modules}; from handbill.cli import main; s = main(sys.argv[1:]); "
    code += "print(*sorted({*sys.modules} - before - {'__future__'}))"
    ended = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    ours = {"handbill", "handbill.cli", "handbill.failure", "handbill.commands"}
    ours |= {"handbill.commands.steps", "handbill.commands.steps.unchanged"}
    assert set(ended.stdout.split()) == ours
