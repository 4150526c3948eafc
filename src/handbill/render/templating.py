"""Jinja2, set up in one place: sandboxed, escaping, the user's own templates before the packaged ones.

A user's template of a packaged name replaces that file; one that begins with ``{% extends "handbill/index.html" %}``
replaces only the blocks that it names. Names under ``handbill/`` always mean the packaged files.
"""

from collections.abc import Mapping
from functools import cache
from traceback import walk_tb
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from handbill.failure import FailureError
from handbill.render.address import uri

_OWN = "templates/"  # how the user's files are called in messages


class TemplateError(FailureError):
    """A mistake in a template: *name* of the file, its *line* (0: unknown), whether it is the user's *own*."""

    def __init__(self, name: str, line: int, message: str, own: bool) -> None:
        """Say what is wrong in *message*."""
        self.name, self.line, self.message, self.own = name, line, message, own
        self.status = 1 if own else 70
        super().__init__(f"{_OWN}{name}:{line}: {message}" if own else f"packaged template {name}:{line}: {message}")


def environment(overrides: Mapping[str, str]) -> jinja2.Environment:
    """Templates by name; *overrides* are the user's own, as name below their ``templates/`` and text.

    An unknown name in a template is a mistake, except where it asks with ``is defined`` or ``.get()``. The filter
    `uri` makes an address fit for a link.
    """

    def own(name: str) -> tuple[str, str, Any] | None:
        return (overrides[name], _OWN + name, lambda: True) if name in overrides else None

    packaged = jinja2.PackageLoader("handbill", "templates")
    loaders = [jinja2.FunctionLoader(own), jinja2.PrefixLoader({"handbill": packaged}), packaged]
    made = _Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=jinja2.select_autoescape(["html", "xml"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        optimized=False,  # to look for constants costs more than it saves: a process makes each template once
    )
    made.filters["uri"] = uri
    return made


def render(templates: jinja2.Environment, name: str, **values: object) -> str:
    """What the template *name* makes of *values*. Raises TemplateError for any mistake in a template."""
    try:
        return templates.get_template(name).render(**values)
    except Exception as error:
        if fault := _fault(error):
            raise fault from error
        raise


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, which takes a shorter way to our own frozen values: a page asks very often."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What is ours as it is; anything else as the sandbox allows."""
        if attribute in _public(type(obj)):  # type: ignore[arg-type]
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@cache
def _public(kind: type) -> frozenset[str]:
    """The fields and methods of *kind* that are meant for others, where it is ours."""
    ours = kind.__module__.startswith("handbill.")
    return frozenset(name for name in dir(kind) if ours and not name.startswith("_"))


def _fault(error: Exception) -> TemplateError | None:
    """The mistake behind *error*: the place in a template nearest to where it was raised, if there is one."""
    places = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    places = [(path, line) for path, line in places if _name_of(path)]
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        places.append((error.filename, error.lineno))
    if not places:
        return None
    path, line = places[-1]
    message = error.message if isinstance(error, jinja2.TemplateError) and error.message else str(error)
    if isinstance(error, jinja2.TemplateNotFound):
        message = f"there is no template “{error.name}”"
    return TemplateError(_name_of(path), line, message or type(error).__name__, path.startswith(_OWN))


def _name_of(path: str) -> str:
    """The name of the template whose code says it comes from *path*; empty for other code."""
    if path.startswith(_OWN):
        return path.removeprefix(_OWN)
    return path.rpartition("/handbill/templates/")[2] if "/handbill/templates/" in path else ""
