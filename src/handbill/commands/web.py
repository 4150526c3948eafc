"""Serve the pages for leaving, on this machine alone; your web server passes `leave-url` on to it."""

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from handbill.commands.steps.lists import opened_list
from handbill.commands.steps.settings import Settings, SettingsError, common_options, settings_from
from handbill.deliver.leaving import application

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def options(parser: ArgumentParser) -> None:
    """Add the options of `web`."""
    parser.add_argument(
        "--listen", default="127.0.0.1:8025", metavar="HOST:PORT", help="where (default: 127.0.0.1:8025)"
    )
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Serve until somebody ends it."""
    from waitress import create_server

    serve = _application(settings_from(arguments))
    try:
        server = create_server(serve, listen=arguments.listen, threads=4, ident=None, max_request_body_size=65536)
    except (OSError, ValueError) as error:
        raise SettingsError(f"--listen {arguments.listen}: cannot listen there ({error})") from error
    print(f"http://{arguments.listen}/ serves leaving; end it with Ctrl+C", file=sys.stderr, flush=True)
    server.run()
    return 0


def _application(settings: Settings) -> "WSGIApplication":
    with opened_list(settings) as its:
        pass
    return application(settings.state, its.signer, lang=its.lang, title=its.title, now=lambda: datetime.now(UTC))


@cache
def from_environment() -> "WSGIApplication":
    """The application for the publication that the environment names."""
    given = os.environ
    file = given.get("HANDBILL_FILE") or "entries.toml"
    out, state = given.get("HANDBILL_OUT"), given.get("HANDBILL_STATE")
    return _application(settings_from(Namespace(file=file, out=out, state=state, now=None)))
