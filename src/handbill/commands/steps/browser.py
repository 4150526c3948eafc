"""Show a page in the browser."""

from pathlib import Path

from handbill.commands.steps.settings import SettingsError


def show(page: Path) -> None:
    """Show *page* in the browser that $BROWSER names, or the system's. Raises SettingsError where there is none."""
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        raise SettingsError(
            f"no browser could be started: open {page} yourself, or set BROWSER to its program and run this again"
        )
