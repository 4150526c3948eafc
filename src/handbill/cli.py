"""Options, printing, exit statuses. A command's module is imported only when that command is called."""

import os
import sys

from handbill import __version__
from handbill.failure import FAULT, FailureError

TYPE_CHECKING = False  # to import typing costs as much as all that a run with nothing to do does
if TYPE_CHECKING:
    from argparse import HelpFormatter

COMMANDS = {
    "check": "tell what is wrong in the file, and what to write instead",
    "build": "make the feeds and the page",
    "preview": "show the page with drafts and what is to come; publish nothing",
    "digest": "show the next issue of the digest, or that of a month",
    "run": "for cron: check, build, tell hubs, send what is due",
    "send": "send the issue that is due to each subscriber, once",
    "status": "tell what is published, what comes next, how deliveries stand",
    "subscribers": "list, add, remove, import and export who gets the digest",
    "inbox": "take in what came back: wishes to leave, bounces, complaints",
    "web": "serve the pages for leaving",
    "backup": "copy the private state into one file, even during a run",
    "restore": "put a backup of the private state back",
    "init": "write a file to start from",
    "schema": "print the JSON Schema that helps editing programs",
}
"""Each has a module of its name in `commands`, with `options(parser)` and `run(arguments) -> exit status`."""

QUICK = ("build", "run")
"""Commands that are over at once when nothing has changed since they were run last."""

STATUSES = {
    0: "done, or nothing to do",
    1: "the file has errors, or an accident was prevented; what is published stays as it was",
    2: "wrong usage or settings",
    3: "a person must decide (in doubt, paused, not the sender); told once",
    70: "a fault of ours, with its traceback",
    75: "a passing failure (network, server, disk); what is left goes on with the next run",
}


def main(argv: list[str] | None = None) -> int:
    """Run the command line *argv* (default: that of the process) and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_plainly()
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0 if arguments else 2
    if arguments[0] in ("-V", "--version"):
        print(f"handbill {__version__}")
        return 0
    name = arguments[0]
    if name not in COMMANDS:
        return _unknown(name)
    try:
        if name in QUICK and (said := _said_last(arguments)) is not None:
            if said and sys.stdout is not None and sys.stdout.isatty():
                print(said)
            return 0
        return _call(name, arguments[1:])
    except BrokenPipeError:
        # Whoever read our output has seen enough: no message, and none from Python as it ends.
        sys.stdout = None
        return 0
    except KeyboardInterrupt:
        return 130


def _said_last(arguments: list[str]) -> str | None:
    from handbill.commands.steps.unchanged import said_last

    return said_last(arguments)


def _call(name: str, arguments: list[str]) -> int:
    import gc
    from argparse import ArgumentParser, Namespace
    from importlib import import_module

    # Hardly any of our values refer to each other in a circle: to look for those often costs a tenth of a large build.
    gc.set_threshold(100_000)
    try:
        command = import_module(f"handbill.commands.{name}")
        parser = ArgumentParser(
            prog=f"handbill {name}",
            description=command.__doc__,
            formatter_class=_help_in_paragraphs(),
            allow_abbrev=False,
        )
        command.options(parser)
        status = command.run(parser.parse_args(arguments, Namespace(words=[name, *arguments])))
        _flush()
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except FailureError as failure:
        if failure.status == FAULT:
            return _fault(name)
        print(f"handbill {name}: {failure}", file=sys.stderr)
        return failure.status
    except Exception:  # noqa: BLE001 - the one place where a fault of ours is told
        return _fault(name)
    return int(status)


def _flush() -> None:
    """See that what was printed has come to where it goes."""
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            sys.stdout = None
            words = (error.strerror or str(error)).lower()
            raise FailureError(f"all is done, but what was to be printed could not be written ({words})") from error


def _fault(name: str) -> int:
    import traceback

    from handbill.masking import masked

    print(masked(traceback.format_exc()), end="", file=sys.stderr)  # it may end up in cron's mail, or in a report
    words = "this is a fault of Handbill's own; what is published stayed whole. Please report the lines above"
    print(f"handbill {name}: {words}", file=sys.stderr)
    return FAULT


def _help_in_paragraphs() -> type["HelpFormatter"]:
    """argparse's form of help, which would make one paragraph of all that a command says of itself."""
    from argparse import HelpFormatter

    class Paragraphs(HelpFormatter):
        def _fill_text(self, text: str, width: int, indent: str) -> str:
            fill = super()._fill_text
            return "\n\n".join(fill(paragraph, width, indent) for paragraph in text.strip().split("\n\n"))

    return Paragraphs


def _overview() -> str:
    from textwrap import wrap

    lines = ["usage: handbill COMMAND [options]", "", "One TOML file in; feeds and a newsletter out.", ""]
    lines += [f"  {name:<12} {told}" for name, told in COMMANDS.items()]
    lines += ["", "`handbill COMMAND --help` tells the options of each.", "", "Exit status:"]
    for status, told in STATUSES.items():
        lines += wrap(told, 78, initial_indent=f"  {status:<4} ", subsequent_indent=" " * 7)
    return "\n".join(lines)


def _unknown(name: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, 1)
    hint = f"did you mean `handbill {near[0]}`?" if near else "`handbill --help` lists them"
    print(f"handbill: there is no command “{name}”; {hint}", file=sys.stderr)
    return 2


def _speak_plainly() -> None:
    """Never fail for a terminal that cannot show a character: it gets a replacement; nor for want of a terminal."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # it was closed before we began
            from pathlib import Path

            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for the whole process
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
