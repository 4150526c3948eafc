"""Show the issue of the digest that would come next, or what was announced in a month. Nothing is recorded or sent."""

import re
from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from handbill.commands.steps.browser import looking_options, show
from handbill.commands.steps.publication import ledger_of, reading_of, tell_errors
from handbill.commands.steps.settings import Settings, SettingsError, common_options, settings_from
from handbill.dates import moment_of
from handbill.model import Digest, Publication
from handbill.publish import Published, publish
from handbill.publish.issues import has_enough, latest_month, month_issue, next_issue
from handbill.publish.schedule import next_due
from handbill.published import Issue
from handbill.read.file import templates
from handbill.write import put_files

FILES = ("digest.html", "digest.txt", "digest.eml")

BESIDE = "preview.html"
"""The page that shows HTML and plain text side by side."""


def options(parser: ArgumentParser) -> None:
    """Add the options of `digest`."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--month", metavar="YYYY-MM", help="what was announced, by date, in that month")
    which.add_argument("--latest", action="store_true", help="the latest month in which something was announced")
    looking_options(parser, "build/digest", "it, beside its plain text,")
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Read, publish, choose the issue, compose it, put the files where they can be looked at."""
    settings = settings_from(arguments)
    reading = reading_of(settings)
    if reading.publication is None:
        return tell_errors(settings, reading)
    publication = reading.publication
    now = settings.now(publication.zone)
    published = publish(publication, ledger_of(settings.out), now, accept_removals=True)
    chosen = _choose(arguments, publication, published, now)
    if chosen is None:
        return 0
    issue, moment = chosen
    output = Path(arguments.output)
    files = _files(settings, issue, moment, beside=arguments.open)
    put_files(output, files.items())
    print(f"{_subject(issue)}\n{_count(issue)}, made to look at: {', '.join(str(output / name) for name in files)}")
    if arguments.open:
        show(output / BESIDE)
    return 0


def _choose(
    arguments: Namespace, publication: Publication, published: Published, now: datetime
) -> tuple[Issue, datetime] | None:
    """The issue to show and the moment at which it is due; None where there is nothing, which is told."""
    digest, zone = publication.digest or Digest(), publication.zone
    if arguments.month or arguments.latest:
        month = _month(arguments.month) if arguments.month else latest_month(published, zone)
        issue = month and month_issue(published, digest, *month, zone)
        if not issue or not issue.new:
            print("no entry was announced" + (f" in {arguments.month}" if arguments.month else ""))
            return None
        after = next_due(digest, zone, moment_of(issue.key, zone))
        return issue, after.moment if after else now
    due = next_due(digest, zone, now)
    if due is None:
        raise SettingsError(f"--now {arguments.now}: no issue is due before the calendar ends; name an earlier moment")
    issue = next_issue(published, digest, due.key)
    when = due.moment.astimezone(zone)
    if not has_enough(issue):
        print(
            f"the issue due on {when:%Y-%m-%d at %H:%M} would hold {_count(issue)}, so it would wait for the next date"
        )
        return None
    return issue, due.moment


def _month(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
    if not found or not 1 <= int(found[2]) <= 12 or not 1 <= int(found[1]) <= 9998:
        raise SettingsError(f"--month {text}: not a month; write it like 2026-03")
    return int(found[1]), int(found[2])


def _files(settings: Settings, issue: Issue, moment: datetime, *, beside: bool) -> dict[str, bytes]:
    from handbill.render.digest import compose, side_by_side
    from handbill.render.message import preview
    from handbill.render.templating import environment

    own = environment(templates(settings.templates))
    composed = compose(issue, own)
    message = preview(composed, issue, date=moment)
    shown = composed.leaving_at(issue.digest.leave_url or issue.site.base)
    files = dict(zip(FILES, (shown.html.encode(), shown.text.encode(), message), strict=True))
    return {**files, BESIDE: side_by_side(shown, own).encode()} if beside else files


def _subject(issue: Issue) -> str:
    from handbill.render.digest import subject

    return subject(issue)


def _count(issue: Issue) -> str:
    count = len(issue.new) + len(issue.revised) + len(issue.withdrawn)
    return f"{count} {'entry' if count == 1 else 'entries'}"
