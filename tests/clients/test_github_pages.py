"""The workflow for GitHub Actions is one by GitHub's own parser, and does its work on a real repository."""

from pathlib import Path

import pytest
from newcomer import ROOT, git, project_in
from workflow import Site, StepError, parsed, run

from handbill.publish.ledger import load

pytestmark = pytest.mark.needs("git", "node", "workflow-parser")

SHIPPED = ROOT / "scripts" / "operate" / "github-pages.yml"
PLACEHOLDER = "https://example.org/handbill.git"
FILE = """
[site]
title = "Harbour News"
url = "https://example.org/harbour/"

[digest]
from = "News <news@example.org>"
address = "1 Quay Street"

[[entry]]
date = 2026-03-31
title = "Tide tables for 2026"
"""
ENTRY = """
[[entry]]
date = 2026-04-02
title = "Dredging"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_in(tmp_path_factory.mktemp("project") / "handbill")


class Repository:
    """An editor's clone, and GitHub's side of it."""

    def __init__(self, folder: Path, project: Path, installed: dict[str, str]) -> None:
        self.folder, self.clone = folder, folder / "editor"
        git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", "origin")
        self.site = Site(folder / "origin", folder / "pages", installed)
        git(folder, "init", "--quiet", "--initial-branch", "main", "editor")
        git(self.clone, "remote", "add", "origin", str(folder / "origin"))
        workflow = SHIPPED.read_text()
        assert workflow.count(PLACEHOLDER) == 1
        self.push({
            ".github/workflows/handbill.yml": workflow.replace(PLACEHOLDER, f"file://{project}"),
            "entries.toml": FILE,
        })  # fmt: skip
        self.runs = 0

    def push(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.clone / name).parent.mkdir(parents=True, exist_ok=True)
            (self.clone / name).write_text(text)
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "--message", "By hand")
        git(self.clone, "push", "--quiet", "origin", "main")

    def pull(self) -> None:
        git(self.clone, "pull", "--quiet", "--rebase", "origin", "main")

    def runs_on(self, event: str, hook: str = "") -> list[str]:
        self.runs += 1
        return run(self.site, self.folder / f"run{self.runs}", event, hook)

    def log(self) -> list[str]:
        return git(self.folder / "origin", "log", "--format=%an: %s", "main").splitlines()


@pytest.fixture(scope="module")
def installed() -> dict[str, str]:
    """What was installed in the first run is there for the others of this module."""
    return {}


@pytest.fixture
def repository(tmp_path: Path, project: Path, installed: dict[str, str]) -> Repository:
    return Repository(tmp_path, project, installed)


def test_github_reads_it() -> None:
    assert parsed(SHIPPED)["errors"] == []
    assert sorted(parsed(SHIPPED)["events"]) == ["push", "schedule", "workflow_dispatch"]


def test_the_parser_sees_mistakes(tmp_path: Path) -> None:
    (tmp_path / "wrong.yml").write_text(SHIPPED.read_text().replace("    steps:", "    stepps:"))
    assert any("stepps" in error for error in parsed(tmp_path / "wrong.yml")["errors"])


def test_a_push_is_published_and_nothing_new_changes_nothing(repository: Repository) -> None:
    assert "actions/deploy-pages" in repository.runs_on("push")
    assert "Tide tables for 2026" in (repository.site.pages / "atom.xml").read_text()
    assert repository.log() == ["github-actions[bot]: Feeds", "An Editor: By hand"]
    names = repository.runs_on("schedule")
    assert repository.log() == ["github-actions[bot]: Feeds", "An Editor: By hand"], "nothing to commit"
    assert "actions/deploy-pages" not in names
    # The second publication knows the first: its identifiers come from the ledger that was committed.
    repository.pull()
    before = load((repository.clone / "feeds" / "ledger.jsonl").read_text())
    repository.push({"entries.toml": FILE.replace("Tide tables for 2026", "Tides, mended") + ENTRY})
    repository.runs_on("push")
    repository.pull()
    after = load((repository.clone / "feeds" / "ledger.jsonl").read_text())
    assert len(before.records) == 1
    assert before.records.keys() < after.records.keys()
    assert len(after.records) == 2
    assert "Dredging" in (repository.site.pages / "atom.xml").read_text()


def test_it_sends_nothing_and_leaves_the_right_to_send_alone(repository: Repository) -> None:
    repository.runs_on("push")
    repository.pull()
    assert '"sender"' not in (repository.clone / "feeds" / "ledger.jsonl").read_text()
    assert list(repository.folder.rglob("*.eml")) == []
    assert list((repository.folder / "run1" / "home").rglob("*.sqlite3")) == []


def test_an_editor_who_pushes_meanwhile_loses_nothing(repository: Repository, tmp_path: Path) -> None:
    entries = tmp_path / "more"
    entries.write_text(FILE + ENTRY)
    # Once, between the building and the push: the first push is then refused.
    hook = f"""
        unset GIT_DIR
        [ ! -e {tmp_path}/done ] || exit 0
        touch {tmp_path}/done
        cp {entries} {repository.clone}/entries.toml
        cd {repository.clone}
        git -c user.name='An Editor' -c user.email=editor@example.org commit --quiet --all --message Meanwhile
        git push --quiet origin main
    """
    repository.runs_on("push", hook)
    assert (tmp_path / "done").exists()
    assert repository.log() == ["github-actions[bot]: Feeds", "An Editor: Meanwhile", "An Editor: By hand"]
    assert "Dredging" in (repository.site.pages / "atom.xml").read_text()


def test_what_is_wrong_is_told_at_the_push_and_not_every_hour(repository: Repository) -> None:
    repository.runs_on("push")
    repository.pull()
    repository.push({"entries.toml": FILE.replace("date = 2026-03-31", "date = 2026-02-31")})
    with pytest.raises(StepError, match=r"::error file=entries.toml,line=\d+"):
        repository.runs_on("push")
    names = repository.runs_on("schedule")
    assert "actions/deploy-pages" not in names
    assert "Tide tables for 2026" in (repository.site.pages / "atom.xml").read_text(), "what is published stays"
