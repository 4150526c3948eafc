"""Every command of ``docs/operating.md`` is run, read from the page itself, where things are as it says."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from newcomer import ROOT, bash, environment, git, program, project_in
from serving import serving

pytestmark = pytest.mark.needs("git")

GUIDE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
FILE = """
[site]
title = "Harbour News"
url = "{url}"

[digest]
from = "News <news@example.org>"
address = "1 Quay Street"
"""
ENTRY = """
[[entry]]
date = 2026-03-{0}
title = "Tides of the {0}th"
"""
ENTRIES = "".join(ENTRY.format(day) for day in (20, 18, 13, 11))
BEFORE, DUE, AFTER, NEXT = "2026-03-05T12:00", "2026-04-01T08:00", "2026-04-01T09:00", "2026-05-01T08:00"


def sections() -> dict[str, list[str]]:
    """The blocks that a shell is to run, by the heading above them, in order."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^#+ (?=\S)", GUIDE.replace("\n# ", "\n#\u00a0"), flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        if blocks := re.findall(r"^```sh\n(.+?)^```$", text, re.MULTILINE | re.DOTALL):
            found[heading] = blocks
    return found


SECTIONS = sections()
(FIRST,) = SECTIONS.pop("Operating Handbill")


class Machine:
    """A machine as the page supposes it: Handbill in ~/handbill, a publication in ~/harbour, backups in ~/backup."""

    def __init__(self, home: Path, url: str, section: str = "") -> None:
        self.home, self.now, self.left = home, BEFORE, list(SECTIONS.get(section, ()))
        self.harbour, self.backup = home / "harbour", home / "backup"
        (home / "handbill" / "bin").mkdir(parents=True)
        self.backup.mkdir()
        # It is the moment that the scene needs.
        words = f'PYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m handbill "$@" --now "$NOW"'
        program(home / "handbill" / "bin" / "handbill", words)
        self.url = url

    def begin(self) -> None:
        """Publish, let three people subscribe, keep it in git, and make a backup of everything."""
        git(self.home, "init", "--quiet", "--bare", "--initial-branch", "main", "origin")
        git(self.home, "clone", "--quiet", "origin", "harbour")
        (self.harbour / ".gitignore").write_text("build/\n")
        self.write()
        self.does("handbill run")
        for name in "abc":
            self.does(f"handbill subscribers add {name}@example.org --consent asked")
        self.now = "2026-03-31T12:00"
        self.does("handbill run")
        self.commit()
        self.does("handbill backup ~/backup/state; cp -p ~/.config/handbill/key ~/backup")
        self.does("handbill subscribers export >~/backup/subscribers.csv")

    def write(self, entries: str = ENTRIES) -> None:
        (self.harbour / "entries.toml").write_text(FILE.format(url=self.url) + entries)

    def commit(self) -> None:
        git(self.harbour, "add", "--all")
        git(self.harbour, "commit", "--quiet", "--message", "By hand")
        git(self.harbour, "push", "--quiet", "origin", "HEAD:main")

    def does(self, script: str, status: int = 0) -> str:
        """Type *script* there; what it said. It ends with *status*."""
        env = environment(self.home, self.home / "programs", NOW=self.now)
        ended = bash(FIRST + script, self.home, env)
        said = ended.stdout + ended.stderr
        assert ended.returncode == status, f"{script}\n{said}"
        return said

    def follows(self, status: int = 0) -> str:
        """Type the next block of the page."""
        return self.does(self.left.pop(0), status)

    def sends(self) -> None:
        """The issue of April goes out."""
        self.now = DUE
        self.does("handbill run")
        assert self.mails == 3
        self.commit()
        self.now = AFTER

    @property
    def mails(self) -> int:
        return len(list((self.harbour / "build" / "outbox").glob("*.eml")))

    @property
    def state(self) -> Path:
        (found,) = (self.home / ".local" / "state" / "handbill").glob("harbour-*")
        return found

    def feeds(self) -> dict[str, bytes]:
        folder = self.harbour / "feeds"
        return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


Scene = Callable[[Machine], None]
SCENES: dict[str, Scene] = {}


def scene(section: str) -> Callable[[Scene], Scene]:
    """What is so before the commands of *section*, and after them."""

    def register(function: Scene) -> Scene:
        SCENES[section] = function
        return function

    return register


@scene("It is night, and something is wrong")
def _looking(machine: Machine) -> None:
    before = machine.feeds()
    assert re.search(r"^next issue .*2026-04-01", machine.follows(), re.MULTILINE)
    assert machine.feeds() == before


@scene("With cron")
def _before_the_first(machine: Machine) -> None:
    machine.now = DUE
    assert "3" in machine.follows()
    assert machine.mails == 0


@scene("Backups")
def _saving(machine: Machine) -> None:
    shutil.rmtree(machine.backup)
    machine.follows()
    assert {each.name for each in machine.backup.iterdir()} == {"state", "key", "subscribers.csv"}
    assert {each.stat().st_mode & 0o077 for each in machine.backup.iterdir()} == {0}
    assert "3 active" in machine.follows()
    assert not (machine.home / "trial").exists()
    machine.sends()


@scene("Upgrading")
def _upgrading(machine: Machine) -> None:
    project = project_in(machine.home / "project")
    git(machine.home, "clone", "--quiet", "project", "handbill-source")
    (machine.home / "handbill" / "bin" / "handbill").unlink()
    install = "python3 -m venv ~/handbill; cd ~/handbill-source; ~/handbill/bin/pip install --quiet"
    machine.does(f"{install} --no-deps .")
    module = project / "src" / "handbill" / "__init__.py"
    module.write_text(re.sub(r'__version__ = "[^"]+"', '__version__ = "99.1"', module.read_text()))
    git(project, "commit", "--quiet", "--all", "--message", "99.1")
    machine.follows()
    assert machine.does("handbill --version") == "handbill 99.1\n"
    assert (machine.backup / "before-upgrade").exists()


@scene("The file has errors")
def _errors(machine: Machine) -> None:
    machine.write(ENTRIES.replace("2026-03-18", "2026-03-81"))
    machine.commit()
    before = machine.feeds()
    machine.does("handbill run", 1)
    assert "2026-03-81" in machine.follows(1)
    assert machine.feeds() == before
    assert "By hand" in machine.follows()
    assert machine.feeds() == before


@scene("Too much is missing")
def _accident(machine: Machine) -> None:
    before = machine.feeds()
    machine.write(ENTRY.format(20))
    assert "--accept-removals" in machine.does("handbill run", 1)
    assert machine.feeds() == before
    machine.follows()
    assert machine.feeds() == before
    machine.write(ENTRY.format(20))
    machine.follows()
    assert b"Tides of the 11th" not in machine.feeds()["index.html"]


@scene("The ledger is lost")
def _ledger(machine: Machine) -> None:
    machine.sends()
    before = machine.feeds()
    (machine.harbour / "feeds" / "ledger.jsonl").write_text("no ledger\n")
    assert "nothing was changed" in machine.does("handbill run", 1)
    machine.follows()
    assert machine.feeds() == before
    (machine.harbour / "feeds" / "ledger.jsonl").write_text("no ledger\n")
    machine.follows()
    for name in ("atom.xml", "rss.xml", "feed.json", "index.html"):
        assert machine.feeds()[name] == before[name]
    machine.now = NEXT
    machine.does("handbill run")
    assert machine.mails == 3, "all of it was sent before"


@scene("The private state is lost")
def _state(machine: Machine) -> None:
    machine.sends()
    shutil.rmtree(machine.state)
    assert "knows of nothing after 2026-03-" in machine.follows()
    assert "in doubt" in machine.follows(3)
    assert machine.mails == 3


@scene("The private state is lost, and there is no backup")
def _no_backup(machine: Machine) -> None:
    machine.does("handbill subscribers remove c@example.org")
    machine.does("handbill subscribers add d@example.org --consent asked")
    machine.does("handbill subscribers export >~/backup/subscribers.csv")
    machine.sends()
    shutil.rmtree(machine.state)
    machine.follows(3)
    machine.follows()
    said = machine.does("handbill subscribers list active")
    assert set(re.findall(r"\w@example.org", said)) == {f"{name}@example.org" for name in "abd"}
    assert machine.mails == 3
    machine.now = NEXT
    machine.write(ENTRY.format(31) + ENTRIES)
    machine.does("handbill run")
    assert machine.mails == 6


@scene("The secret is lost")
def _secret(machine: Machine) -> None:
    key = machine.home / ".config" / "handbill" / "key"
    before = key.read_bytes()
    shutil.rmtree(key.parent)
    machine.now = DUE
    assert "secret" in machine.does("handbill run", 2)
    machine.follows()
    assert (key.read_bytes(), key.stat().st_mode & 0o777, machine.mails) == (before, 0o600, 3)
    shutil.rmtree(key.parent)
    machine.follows()
    assert key.read_bytes() != before
    machine.now = NEXT
    machine.write(ENTRY.format(31) + ENTRIES)
    machine.does("handbill run")
    assert machine.mails == 6


@scene("The machine moves")
def _moving(machine: Machine) -> None:
    machine.sends()
    machine.follows()
    new = Machine(machine.home / "new", machine.url)
    git(new.home, "clone", "--quiet", str(machine.home / "origin"), "harbour")
    shutil.rmtree(new.backup)
    shutil.move(machine.backup, new.backup)
    shutil.rmtree(machine.harbour / "feeds")
    (machine.harbour / "feeds").symlink_to(new.harbour / "feeds")  # the name of the web server leads to the new one
    shutil.rmtree(machine.state)
    new.left, new.now = machine.left, AFTER
    new.follows()
    assert new.mails == 0
    new.now = NEXT
    new.write(ENTRY.format(31) + ENTRIES)
    new.does("handbill run")
    assert new.mails == 3


@scene("The wrong issue goes out")
def _wrong(machine: Machine) -> None:
    machine.now = DUE
    machine.does("handbill send --publish false", 75)
    assert "3 waiting" in machine.follows()
    machine.write(ENTRIES.replace("Tides of the 20th", "Right"))
    machine.follows()
    assert machine.mails == 3
    assert b"Right" in machine.feeds()["digest/2026-04-01.html"]
    machine.write(ENTRIES.replace("Tides of the 20th", "More right"))
    machine.follows()
    assert machine.mails == 6
    assert b"More right" in machine.feeds()["digest/2026-04-01.html"]


@scene("Some are in doubt")
def _doubt(machine: Machine) -> None:
    machine.sends()
    for mails in (0, 3):
        machine.does("handbill restore --replace ~/backup/state")
        assert "in doubt" in machine.does("handbill run", 3)
        shutil.rmtree(machine.harbour / "build", ignore_errors=True)
        machine.follows()
        assert machine.mails == mails
        machine.does("handbill run")


@scene("An issue is paused")
def _paused(machine: Machine) -> None:
    machine.now = DUE
    machine.does("handbill send --publish false", 75)
    machine.does("handbill send --pause")
    machine.does("handbill run", 3)
    assert "paused" in machine.follows()
    machine.follows()
    assert machine.mails == 3


@scene("The clock was wrong")
def _clock(machine: Machine) -> None:
    machine.now = "2027-03-05T12:00"
    machine.does("handbill run")
    assert machine.mails == 3, "the one issue that the clock said was due"
    machine.now = AFTER
    assert "2027-03-01" in machine.follows()
    machine.follows()
    machine.now = NEXT
    machine.write(ENTRY.format(31) + ENTRIES)
    machine.does("handbill run")
    assert machine.mails == 6


@scene("Two machines send")
def _two(machine: Machine) -> None:
    machine.sends()
    first = machine.home / ".local" / "first"
    shutil.move(machine.home / ".local" / "state", first)
    assert "another state folder" in machine.does("handbill run", 3)
    assert "in doubt" in machine.follows(3)
    shutil.rmtree(machine.home / ".local" / "state")
    shutil.move(first, machine.home / ".local" / "state")
    machine.now = NEXT
    machine.write(ENTRY.format(31) + ENTRIES)
    assert "another state folder" in machine.does("handbill run", 3)
    assert machine.mails == 3


@scene("Files in feeds/ were edited or deleted")
def _edited(machine: Machine) -> None:
    before = machine.feeds()
    shutil.rmtree(machine.harbour / "feeds")
    machine.follows()
    assert machine.feeds() == before


@scene("The disk is full")
def _full(machine: Machine) -> None:
    before = machine.feeds()
    machine.write(ENTRY.format(21) + ENTRIES)
    machine.does("ulimit -f 0; handbill run 2>&1 | cat; exit ${PIPESTATUS[0]}", 75)
    assert machine.feeds() == before
    machine.follows()
    assert b"Tides of the 21th" in machine.feeds()["atom.xml"]


@scene("Somebody wants to be forgotten")
def _forgotten(machine: Machine) -> None:
    machine.does("handbill subscribers add reader@example.org --consent asked")
    machine.follows()
    assert "(erased)" in machine.does("handbill subscribers list")
    for file in machine.state.iterdir():
        assert b"reader@example.org" not in file.read_bytes()


def test_every_procedure_is_tried() -> None:
    assert SCENES.keys() == SECTIONS.keys()
    assert len(re.findall("^```sh$", GUIDE, re.MULTILINE)) == 1 + sum(map(len, SECTIONS.values()))


@pytest.fixture
def machine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """One on which nothing has happened yet; its feeds are served."""
    with serving(tmp_path / "home" / "harbour" / "feeds") as url:
        yield Machine(tmp_path / "home", url, request.param)


@pytest.mark.parametrize("machine", SECTIONS, indirect=True)
def test_the_commands_do_what_the_page_says(machine: Machine, request: pytest.FixtureRequest) -> None:
    machine.begin()
    SCENES[request.node.callspec.params["machine"]](machine)
    assert machine.left == []


def test_a_machine_that_sends_gets_along_with_github_that_builds(tmp_path: Path) -> None:
    """Its line from the page: a push that comes between costs a quarter of an hour, and nothing is sent twice."""
    (line,) = re.findall(r"^\*/15 \* \* \* \*  (.+ git reset .+)$", GUIDE, re.MULTILINE)
    with serving(tmp_path / "home" / "harbour" / "feeds") as url:
        machine = Machine(tmp_path / "home", url)
        machine.begin()
        other = tmp_path / "other"
        git(tmp_path, "clone", "--quiet", str(machine.home / "origin"), "other")

        def pushed_elsewhere(day: int) -> None:
            """An editor, and GitHub's machine, which builds."""
            git(other, "pull", "--quiet", "--rebase", "origin", "main")
            (other / "entries.toml").write_text((other / "entries.toml").read_text() + ENTRY.format(day))
            machine.does(f"cd {other}; handbill build --state {tmp_path}/elsewhere")
            git(other, "add", "--all")
            git(other, "commit", "--quiet", "--message", "Elsewhere")
            git(other, "push", "--quiet", "origin", "HEAD:main")

        pushed_elsewhere(22)
        machine.does(line)
        assert b"Tides of the 22th" in machine.feeds()["atom.xml"]
        machine.now = DUE
        hook = machine.harbour / ".git" / "hooks" / "pre-push"
        between = "git commit --quiet --allow-empty --message Between && git push --quiet origin HEAD:main"
        program(hook, f"unset GIT_DIR; cd {other} && {between} && touch {tmp_path}/asked")
        machine.does(line, 75)
        assert (tmp_path / "asked").exists()
        assert machine.mails == 0, "nothing is mailed before the push went well"
        hook.unlink()
        pushed_elsewhere(23)
        machine.does(line)
        assert machine.mails == 3
        assert machine.does(line) == ""
        git(other, "pull", "--quiet", "--rebase", "origin", "main")
        assert (other / "feeds" / "digest" / "2026-04-01.html").exists()
        subjects = git(other, "log", "--format=%s").splitlines()
        assert {"Between", "Elsewhere", "Feeds"} <= set(subjects)


def test_what_it_links_to_is_there() -> None:
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\(([^)]+)\)", GUIDE)
    assert {link[1:] for link in links if link[0] == "#"} <= anchors
    files = {link.split("#")[0] for link in links if link[0] != "#"}
    assert [file for file in files if not (ROOT / "docs" / file).exists()] == []
    assert subprocess.run(["sh", "-n", ROOT / "scripts" / "operate" / "by-hand"], check=False).returncode == 0
    assert os.access(ROOT / "scripts" / "operate" / "by-hand", os.X_OK)
