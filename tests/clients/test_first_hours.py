"""Three people's first hours, as scripts that say what they type; here is the world around them."""

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fault_server import FaultServer
from newcomer import ROOT, bash, environment, git, program, project_in

SCRIPTS = ROOT / "tests" / "first_hours"
README = (ROOT / "README.md").read_text(encoding="utf-8")


class KeepingRelay(FaultServer):
    """A relay that keeps each message as a file in *folder*, named by its recipient."""

    folder: Path

    def keep(self, recipient: str, sender: str, message: bytes) -> None:
        super().keep(recipient, sender, message)
        (self.folder / f"{len(self.messages)}-{recipient}.eml").write_bytes(message)


@contextmanager
def relay(folder: Path) -> Iterator[int]:
    """Keep mail in *folder*; gives the port."""
    folder.mkdir()
    server = KeepingRelay()
    server.folder = folder
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


def goes_well(name: str, home: Path, **more: str) -> str:
    """Run the script *name* by somebody whose home is *home*; what was said."""
    home.mkdir(exist_ok=True)
    programs = home.parent / "programs"
    env = environment(home, programs, **more)
    read = "import sys, feedparser; print(*(e.title for e in feedparser.parse(sys.argv[1]).entries), sep='\\n')"
    program(programs / "items", f'exec "{sys.executable}" -c "{read}" "$1"')
    ended = bash((SCRIPTS / name).read_text(), home, env, "-x")
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"[-3000:]
    return ended.stdout


@pytest.mark.needs("git", "rsync", "curl")
def test_a_web_server_cron_and_subscribers(tmp_path: Path) -> None:
    project = project_in(tmp_path / "handbill")
    with relay(tmp_path / "mail") as port:
        goes_well(
            "static-host.sh", tmp_path / "home", HANDBILL=f"file://{project}", WEB=free_port(), LEAVE=free_port(),
            RELAY=str(port), MAIL=str(tmp_path / "mail"),
        )  # fmt: skip


@pytest.mark.needs("git", "node", "workflow-parser")
def test_github_actions_and_pages(tmp_path: Path) -> None:
    project = project_in(tmp_path / "handbill")
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch", "main", "repository")
    pages = tmp_path / "pages"
    (tmp_path / "programs").mkdir()
    script, fresh = ROOT / "tests" / "support" / "workflow.py", f'"$(mktemp -d "{tmp_path}/XXXXXX")/run"'
    played = f'"{script}" "{tmp_path}/repository" "{pages}" {fresh} "$1"'
    program(tmp_path / "programs" / "github", f'unset PYTHONPATH; exec "{sys.executable}" {played}')
    goes_well(
        "github-pages.sh", tmp_path / "home", HANDBILL=f"file://{project}", REPOSITORY=str(tmp_path / "repository"),
        PAGES=str(pages),
    )  # fmt: skip


@pytest.mark.needs("curl")
def test_a_mailing_list(tmp_path: Path) -> None:
    (tmp_path / "home" / "handbill" / "bin").mkdir(parents=True)
    program(
        tmp_path / "home" / "handbill" / "bin" / "handbill",
        f'PYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m handbill "$@"',
    )
    with relay(tmp_path / "mail") as port:
        goes_well(
            "mailing-list.sh", tmp_path / "home", WEB=free_port(), RELAY=str(port), MAIL=str(tmp_path / "mail")
        )  # fmt: skip


def test_the_first_hour_is_the_readmes() -> None:
    """Whoever follows the README types what the script types."""
    typed = (SCRIPTS / "static-host.sh").read_text().replace(" --quiet", "")
    path = README.partition("## Your own publication")[2].partition("\n## ")[0]
    blocks = [block for kind, block in re.findall(r"^```(\w*)\n(.+?)^```$", path, re.MULTILINE | re.DOTALL) if not kind]
    lines = [re.split(r"  +", line)[0] for block in blocks for line in block.splitlines() if line[:1] not in ("", "*")]
    assert len(lines) == 6
    assert [line for line in lines if line not in typed] == []
    (cron,) = [line for block in blocks for line in block.splitlines() if line[:1] == "*"]
    assert cron in (ROOT / "scripts" / "operate" / "crontab").read_text()
