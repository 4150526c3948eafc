"""The shape of the code holds: imports go one way, the start is light, locks fit, and no file names a registry."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from handbill.cli import COMMANDS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"

ROOMS = {"read", "publish", "render", "write", "deliver", "show", "commands", "cli", "web", "__main__"}
"""Every other module beside these is a fact."""

MAY_IMPORT = {
    "facts": {"facts"},
    "publish": {"facts", "publish"},
    "render": {"facts", "render"},
    "read": {"facts", "read"},
    "write": {"facts", "write"},
    "deliver": {"facts", "deliver"},
    "show": {"facts", "show"},
    "commands": {"facts", "publish", "render", "read", "write", "deliver", "show", "commands"},
    "cli": {"facts", "show", "commands"},
    "web": {"commands"},
    "__main__": {"cli"},
}

PURE = ("facts", "publish", "render", "show")

WRITES = {"open", "write_text", "write_bytes", "mkdir", "touch", "unlink", "rmdir", "symlink_to", "hardlink_to"}
"""Methods of a path that change a disk; `ruff` bans what can be told by its import (pyproject.toml)."""

HEAVY = {
    "asyncio", "babel", "cssutils", "dateutil", "dns", "email", "email_validator", "feedgen", "html", "http", "jinja2",
    "langcodes", "lxml", "markdown_it", "nh3", "premailer", "requests", "smtplib", "sqlite3", "ssl", "tomli",
    "urllib.request",
}  # fmt: skip


def room_of(module: str) -> str:
    """The room in which a dotted module of the package stands."""
    second = (*module.split("."), "")[1]
    return second if second in ROOMS else "facts"


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the package, parsed, by its dotted name."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules of the package that *tree* imports, also inside functions. (Relative imports are banned.)"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "handbill":
            names = [f"handbill.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "handbill")


def test_imports_go_one_way() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, tree in modules()
        for other in imported(tree)
        if room_of(other) not in MAY_IMPORT[room_of(name)]
    ]
    assert wrong == []


def test_commands_know_their_steps_and_steps_no_command() -> None:
    """What several commands do alike stands beside them, not in one of them."""
    steps = [(name, tree) for name, tree in modules() if name.startswith("handbill.commands.steps.")]
    wrong = [
        f"{name} imports {other}"
        for name, tree in steps
        for other in imported(tree)
        if room_of(other) == "commands" and not other.startswith("handbill.commands.steps")
    ]
    assert steps
    assert wrong == []


def test_every_module_of_commands_is_a_command() -> None:
    modules_there = {path.stem for path in (SOURCE / "handbill" / "commands").glob("*.py")} - {"__init__"}
    assert modules_there == COMMANDS.keys()


def test_pure_rooms_write_no_file() -> None:
    wrong = [
        f"{name}:{node.lineno} calls .{node.func.attr}()"
        for name, tree in modules()
        if room_of(name) in PURE
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
    ]
    assert wrong == []


def test_the_command_line_starts_light() -> None:
    """Whoever runs a command pays for that command's imports alone; ``--help`` pays for none."""
    code = "import sys; before = set(sys.modules); import handbill.cli; print(*sorted(set(sys.modules) - before))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = answer.stdout.split()
    assert [name for name in loaded if name in HEAVY or name.split(".")[0] in HEAVY] == []
    assert [name for name in loaded if name.startswith("handbill.") and room_of(name) not in ("cli", "facts")] == [
        name for name in loaded if name == "handbill.commands"
    ]


def project_files() -> list[Path]:
    """Every file that git tracks, or would."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in answer.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_registry() -> None:
    """Packages come by name and hash from wherever the machine at hand gets them."""
    hosts = [name.encode() for name in ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.", "deb." + "debian.org")]
    wrong = [path for path in project_files() if any(host in path.read_bytes() for host in hosts)]
    assert wrong == []


def declared(group: str) -> list[Requirement]:
    """What pyproject.toml asks for: ``run`` or the name of a group."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = project["project"]["dependencies"] if group == "run" else project["dependency-groups"][group]
    return [Requirement(name) for name in names]


def locked(name: str) -> list[Requirement]:
    """The pins of a lock file."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    assert all("--hash=sha256:" in line for line in text.splitlines())
    return [Requirement(line.split("--hash")[0]) for line in text.splitlines()]


@pytest.mark.parametrize(("lock", "groups"), [("build", ["build"]), ("run", ["run"]), ("test", ["run", "test"])])
def test_locks_fit_what_is_declared(lock: str, groups: list[str]) -> None:
    pins = locked(lock)
    for wanted in (each for group in groups for each in declared(group)):
        found = [pin for pin in pins if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
        assert found, f"{wanted} is in no requirements/{lock}.txt: run scripts/lock"
        for pin in found:
            version = str(pin.specifier).removeprefix("==")
            assert wanted.specifier.contains(version), f"{pin} does not fit {wanted}: run scripts/lock"


def test_tests_run_with_what_users_run() -> None:
    assert {str(pin) for pin in locked("run")} <= {str(pin) for pin in locked("test")}
