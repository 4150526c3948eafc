"""The web application for leaving, for any WSGI server: ``gunicorn handbill.web:app``.

It is told where things are by ``HANDBILL_FILE`` (default: entries.toml here), ``HANDBILL_OUT`` and ``HANDBILL_STATE``,
which mean the same as ``-f``, ``--out`` and ``--state``.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from handbill.commands.web import from_environment

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer one request (PEP 3333)."""
    return from_environment()(environ, start_response)
