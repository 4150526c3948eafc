"""Files to look at: where they go, and the browser that shows them."""

from argparse import ArgumentParser
from pathlib import Path

from handbill.commands.steps.settings import SettingsError


def looking_options(parser: ArgumentParser, folder: str, what: str) -> None:
    """Add the options about files that go into *folder*, and about showing *what* of them in the browser."""
    parser.add_argument("--output", default=folder, metavar="DIR", help=f"where to put the files (default: {folder})")
    parser.add_argument("--open", action="store_true", help=f"show {what} in the browser")


def show(page: Path) -> None:
    """Show *page* in the browser that $BROWSER names, or the system's. Raises SettingsError where there is none."""
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        raise SettingsError(
            f"no browser could be started: open {page} yourself, or set BROWSER to its program and run this again"
        )
