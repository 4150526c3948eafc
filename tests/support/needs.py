"""What tests need beside Python's packages, and where they come from.

A test says ``@pytest.mark.needs("chromium")``. What is missing here skips it by name and reason; with ``CI=true`` it
fails. ``scripts/test`` installs all of them where it may (``python tests/support/needs.py`` lists what is missing).
"""

import os
import shutil
from ctypes import CDLL
from pathlib import Path
from typing import NamedTuple

NPM = Path(__file__).parents[1] / "npm"


class Need(NamedTuple):
    """A program by its *command* or a *library* by its file, in a *debian* package; or an *npm* package."""

    command: str = ""
    library: str = ""
    debian: str = ""
    npm: str = ""

    @property
    def is_here(self) -> bool:
        """Whether tests can use it now."""
        if self.npm:
            return (NPM / "node_modules" / self.npm / "package.json").is_file()
        if self.library:
            return _loads(self.library)
        return shutil.which(self.command, path=_PATH) is not None


# Servers' programs stand where an ordinary user's shell does not look.
_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


def _loads(library: str) -> bool:
    try:
        CDLL(library)
    except OSError:
        return False
    return True


NEEDS = {
    "chromium": Need("chromium", debian="chromium"),
    "libatomic": Need(library="libatomic.so.1", debian="libatomic1"),  # of the program that comes with playwright
    "newsboat": Need("newsboat", debian="newsboat"),
    "rss2email": Need("r2e", debian="rss2email"),
    "strace": Need("strace", debian="strace"),
    "smtp-sink": Need("smtp-sink", debian="postfix"),
    "postfix": Need("postfix", debian="postfix"),
    "openssl": Need("openssl", debian="openssl"),
    "nginx": Need("nginx", debian="nginx"),
    "caddy": Need("caddy", debian="caddy"),
    "apache2": Need("apache2", debian="apache2"),
    "aws": Need("aws", debian="awscli"),
    "node": Need("node", debian="nodejs"),
    "npm": Need("npm", debian="npm"),
    "axe-core": Need(npm="axe-core"),
    "taplo": Need(npm="@taplo/cli"),
    "feedsmith": Need(npm="feedsmith"),
    "caniemail": Need(npm="caniemail"),
    "html-validate": Need(npm="html-validate"),
    "workflow-parser": Need(npm="@actions/workflow-parser"),
    "git": Need("git", debian="git"),
    "rsync": Need("rsync", debian="rsync"),
    "curl": Need("curl", debian="curl"),
    "cron": Need("cron", debian="cron"),
    "systemd": Need("systemd-analyze", debian="systemd"),
}


def missing(names: tuple[str, ...]) -> str:
    """Why a test that needs *names* cannot run here, in words; empty when it can.

    Raises KeyError for a name that `NEEDS` does not have.
    """
    gone = [name for name in names if not NEEDS[name].is_here]
    return " and ".join(_whence(name) for name in gone)


def _whence(name: str) -> str:
    need = NEEDS[name]
    return f"{name} is not installed ({'npm' if need.npm else 'Debian'} package {need.npm or need.debian})"


if __name__ == "__main__":
    print(*sorted({need.debian for need in NEEDS.values() if need.debian and not need.is_here}))
