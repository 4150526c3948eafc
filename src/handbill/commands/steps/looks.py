"""The user's own templates, tried on what is there: a mistake is told before anything is published or sent."""

from dataclasses import replace
from datetime import timedelta

from handbill.commands.steps.publication import ledger_of
from handbill.commands.steps.settings import Settings
from handbill.model import Digest, Publication
from handbill.publish import publish
from handbill.publish.issues import next_issue
from handbill.read.file import templates

SOME = 50
"""So many entries show what a template makes of entries."""


def try_templates(settings: Settings, publication: Publication) -> None:
    """Make the page, the index of issues and a digest. Raises FailureError: TemplateError, TooLargeError, FileError."""
    own = templates(settings.templates)
    if not own:
        return
    from handbill.published import ISSUE_INDEX
    from handbill.render.digest import compose
    from handbill.render.issue_index import issue_index
    from handbill.render.page import sheets
    from handbill.render.templating import environment

    made, now = environment(own), settings.now(publication.zone)
    published = publish(publication, ledger_of(settings.out), now, accept_removals=True)
    page = published.documents.page
    for output in (*sheets(page, made)[:2], *issue_index(page, made, {ISSUE_INDEX})):
        output.make()
    issue = next_issue(published, publication.digest or Digest(), (now + timedelta(days=1)).date())
    for for_web in (False, True):
        compose(replace(issue, new=page.items[:SOME]), made, for_web=for_web)
