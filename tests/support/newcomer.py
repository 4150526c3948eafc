"""A machine as somebody finds it who has just heard of Handbill: a home, the project to clone, and no network.

Handbill is installed with the README's own commands. Only the downloads are spared: pip finds in the environment of
the tests what it would fetch.
"""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def copied(folder: Path) -> Path:
    """The files of this checkout that git knows, in a new *folder*."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout
    copy = ["tar", "--create", "--null", "--verbatim-files-from", "--files-from=-", "--ignore-failed-read"]
    archive = subprocess.run(copy, cwd=ROOT, input=names, capture_output=True, check=True).stdout
    folder.mkdir(parents=True)
    subprocess.run(["tar", "--extract"], cwd=folder, input=archive, check=True)
    return folder


def project_in(folder: Path) -> Path:
    """A git repository in *folder* that holds the files of this checkout, on the branch main."""
    git(copied(folder), "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Handbill")
    return folder


def git(folder: Path, *words: str) -> str:
    """Run git in *folder* as somebody with a name; what it printed."""
    person = ["-c", "user.name=An Editor", "-c", "user.email=editor@example.org"]
    ended = subprocess.run(["git", *person, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def environment(home: Path, programs: Path, **more: str) -> dict[str, str]:
    """The environment of somebody whose home is *home*; their shell finds what is in *programs* first.

    ``python3`` is the Python of the tests, without their environment.
    """
    programs.mkdir(parents=True, exist_ok=True)
    program(programs / "python3", f'exec "{Path(sys.base_prefix) / "bin" / Path(sys.executable).name}" "$@"')
    spared = {
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as the option's opposite: no isolation
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    person = {
        "GIT_AUTHOR_NAME": "An Editor",
        "GIT_AUTHOR_EMAIL": "editor@example.org",
        "GIT_COMMITTER_NAME": "An Editor",
        "GIT_COMMITTER_EMAIL": "editor@example.org",
    }
    path = os.pathsep.join([str(programs), os.defpath, "/usr/sbin"])
    return {"HOME": str(home), "PATH": path, "LANG": "C.UTF-8", **spared, **person, **more}


def program(file: Path, script: str) -> None:
    """Make *file* a program that runs *script* in a shell."""
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def bash(script: str, folder: Path, env: Mapping[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run *script* in *folder*, until the first command that fails."""
    words = ["bash", "--noprofile", "--norc", "-eu", "-o", "pipefail", *options, "-c", script]
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
