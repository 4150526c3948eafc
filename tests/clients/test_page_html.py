"""The page's HTML by the rules of the HTML standard, as an independent checker knows them."""

import subprocess
from dataclasses import replace

import pages
import pytest
from needs import NPM

from handbill.published import ISSUE_INDEX
from handbill.render.issue_index import issue_index
from handbill.render.page import FULL, sheets
from handbill.render.templating import environment

CHECKER = NPM / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"

LISTS = {
    "rich": pages.rich(),
    "long": pages.long(FULL + 50),
    "empty, in a language without labels": pages.page(lang="fr"),
    "in Spanish": replace(pages.rich(), site=replace(pages.SITE, lang="es")),
    "right to left": pages.page(*pages.rich().items, lang="he"),
}


@pytest.mark.needs("node", "html-validate")
@pytest.mark.parametrize("name", LISTS)
def test_the_checker_finds_nothing(name: str) -> None:
    made = sheets(LISTS[name], environment({}))
    for sheet in (made[0], made[-1], *issue_index(LISTS[name], environment({}), {ISSUE_INDEX})):
        command = ["node", str(CHECKER), "--preset", "standard", "--stdin", "--formatter", "text"]
        answer = subprocess.run(command, input=sheet.make(), capture_output=True, check=False, cwd=NPM)
        assert (answer.stdout.decode(), answer.stderr.decode(), answer.returncode) == ("", "", 0)
