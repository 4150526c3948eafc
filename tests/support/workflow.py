"""Runs a workflow of GitHub Actions as a fresh machine there would: its steps in order, on a clone of a repository.

The shell steps are run as they stand. The four actions that `ACTIONS` names are played; any other is an error.
"""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from needs import NPM
from newcomer import environment, git

_SCRIPT = NPM / "workflow.mjs"
ACTIONS = ("actions/checkout", "actions/setup-python", "actions/upload-pages-artifact", "actions/deploy-pages")


class StepError(Exception):
    """A step failed; the message is what it printed."""


@dataclass
class Site:
    """What GitHub keeps: the repository *origin*, and the *pages* that are served.

    *installed* is what the steps that install have put before the path, by their scripts: each is run once.
    """

    origin: Path
    pages: Path
    installed: dict[str, str] = field(default_factory=dict)


def parsed(file: Path) -> dict[str, Any]:
    """What GitHub's own parser reads in *file*."""
    return dict(_node(str(file)))


def run(site: Site, folder: Path, event: str, hook: str = "") -> list[str]:
    """Run the workflow that stands in the repository for *event*; the names of the steps that were run.

    *hook* is a shell script that is run before each push. Raises StepError at the first step that fails.
    """
    work, temporary = folder / "work", folder / "temp"
    for each in (folder / "home", folder / "template" / "hooks", temporary):
        each.mkdir(parents=True)
    if hook:
        (folder / "template" / "hooks" / "pre-push").write_text(f"#!/bin/sh\nset -eu\n{hook}\n")
        (folder / "template" / "hooks" / "pre-push").chmod(0o755)
    _clone(site, work)
    workflow = parsed(work / ".github" / "workflows" / "handbill.yml")
    assert workflow["errors"] == []
    assert event in workflow["events"]
    outputs: dict[str, dict[str, str]] = {}
    names = []
    path = ""
    for step in workflow["steps"]:
        contexts = {"github": {"event_name": event}, "steps": {key: {"outputs": each} for key, each in outputs.items()}}
        condition = step["condition"].replace("success()", "'so far'")  # the first failure ends it all
        if not _node("--holds", condition, json.dumps(contexts)):
            continue
        names.append(step.get("name") or step["uses"].split("@")[0])
        if script := step.get("run"):
            if "GITHUB_PATH" in script and script in site.installed:
                path += site.installed[script]
                continue
            env = environment(folder / "home", folder / "programs", **workflow["environment"])
            env["PATH"] = path + env["PATH"]
            outputs[step["id"]], more = _shell(script, work, temporary, env, event)
            site.installed[script] = more
            path += more
        else:
            _play(site, step, work, temporary)
    return names


def _node(*words: str) -> Any:
    ended = subprocess.run(["node", str(_SCRIPT), *words], cwd=NPM, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def _clone(site: Site, work: Path) -> None:
    git(work.parent, "clone", "--quiet", "--depth", "1", "--branch", "main", "--template",
        str(work.parent / "template"), f"file://{site.origin}", "work")  # fmt: skip


def _shell(script: str, work: Path, temporary: Path, env: dict[str, str], event: str) -> tuple[dict[str, str], str]:
    """Run *script* as GitHub does where no shell is named; its outputs, and what it puts before the path."""
    path, outputs, file = temporary / "path", temporary / "outputs", temporary / "script"
    path.write_text("")
    outputs.write_text("")
    file.write_text(script)
    env = {name: value for name, value in env.items() if not name.startswith("GIT_")} | {
        "CI": "true",
        "RUNNER_TEMP": str(temporary),
        "GITHUB_PATH": str(path),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_REF_NAME": "main",
        "GITHUB_EVENT_NAME": event,
    }
    ended = subprocess.run(
        ["bash", "-e", str(file)], cwd=work, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    if ended.returncode:
        raise StepError(ended.stdout)
    given = dict(re.findall(r"^(\w+)=(.*)$", outputs.read_text(), re.MULTILINE))
    return given, "".join(f"{line}:" for line in path.read_text().splitlines())


def _play(site: Site, step: dict[str, Any], work: Path, temporary: Path) -> None:
    """Do what the action of *step* does."""
    action = step["uses"].split("@")[0]
    assert action in ACTIONS, f"{action} is not known here"
    artifact = temporary / "artifact"
    if action == "actions/upload-pages-artifact":
        shutil.copytree(work / step["with"]["path"], artifact, ignore=shutil.ignore_patterns(".*"))
    elif action == "actions/deploy-pages":
        shutil.rmtree(site.pages, ignore_errors=True)
        shutil.copytree(artifact, site.pages)


def main() -> None:
    """``workflow.py REPOSITORY PAGES FOLDER EVENT``: what GitHub does, for scripts; FOLDER must not be there."""
    repository, pages, folder, event = sys.argv[1:]
    try:
        run(Site(Path(repository), Path(pages)), Path(folder), event)
    except StepError as error:
        print(error)
        sys.exit(1)


if __name__ == "__main__":
    main()
