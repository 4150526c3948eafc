"""Templates: the user's before the packaged, sandboxed, every mistake with its file and line."""

import errno
import os
from collections.abc import Mapping

import jinja2
import pytest

from handbill.model import Site
from handbill.render.templating import TemplateError, environment, render

SITE = Site(title="Rock & Roll <b>", url="https://example.org/", extra={"x-tone": "calm"})


def made(texts: Mapping[str, str], name: str = "index.html", **values: object) -> str:
    return render(environment(texts), name, site=SITE, **values)


def test_html_escapes_and_text_does_not() -> None:
    texts = {"a.html": "{{ site.title }}", "a.txt": "{{ site.title }}"}
    assert made(texts, "a.html") == "Rock &amp; Roll &lt;b&gt;"
    assert made(texts, "a.txt") == "Rock & Roll <b>"


def test_names_of_the_users_own_reach_templates() -> None:
    text = (
        "{{ site.extra['x-tone'] }}{% if site.extra['x-none'] is defined %}!{% endif %}{{ site.extra.get('x-b', 'b') }}"
    )
    assert made({"a.txt": text}, "a.txt") == "calmb"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("fine\n{{ site.titel }}", 2, "titel"),
        ("fine\n\n{{ nobody }}", 3, "nobody"),
        ("\n{% if site %}", 2, "endif"),
        ("\n\n{{ 1 / 0 }}", 3, "division by zero"),
        ("\n{% include 'nowhere.html' %}", 2, "nowhere.html"),
        ("\n{{ site.extra.update({'a': 1}) }}", 2, "unsafe"),
        ("\n{{ site.__class__.__mro__ }}", 2, "unsafe"),
        ("\n{{ '{0.__class__}'.format(site) }}", 2, "__class__"),
        ("\n{% include '../../pyproject.toml' %}", 2, "pyproject.toml"),
        ("\n{{ site.title() }}", 2, "not callable"),
        ("\n{% include 'index.html' %}", 2, "within itself"),
        ("{% extends 'index.html' %}", 1, "within itself"),
        ("\n{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}", 2, "within itself"),
        ("\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", 2, "5,000,000 steps"),
        ("\n{% for a in range(10**9) %}{% endfor %}", 2, "5,000,000 steps"),
        ("\n{{ 'x' * 10**9 }}", 2, "too large"),
        ("\n{{ 9 ** (9 ** 9) }}", 2, "too large"),
        ("(" * 2000 + "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}", 0, "too deep"),
        ("{% for a in [1] %}" * 40 + "{% endfor %}" * 40, 0, "too deep"),
    ],
)
def test_a_mistake_has_its_file_and_line(text: str, line: int, words: str) -> None:
    with pytest.raises(TemplateError) as caught:
        made({"index.html": text})
    fault = caught.value
    assert (fault.name, fault.line, fault.own) == ("index.html", line, True)
    assert words in fault.message
    assert str(fault).startswith(f"templates/index.html:{line}: " if line else "templates/index.html: ")


def test_honest_sums_are_made() -> None:
    text = "{{ 5000 * 5000 }} {{ 2 ** 64 }} {{ 1.5 * 2 }} {{ '=' * 9 }} {{ range(3) | list }} {{ 2 ** 0.5 > 1 }}"
    assert made({"a.txt": text}, "a.txt") == "25000000 18446744073709551616 3.0 ========= [0, 1, 2] True"


def test_a_mistake_in_an_included_file_is_that_files() -> None:
    with pytest.raises(TemplateError) as caught:
        made({"index.html": "\n{% include 'part/a.html' %}", "part/a.html": "{{ b }}"})
    assert (caught.value.name, caught.value.line) == ("part/a.html", 1)


def test_a_file_too_deep_within_itself_is_told_where_it_is_included() -> None:
    with pytest.raises(TemplateError) as caught:
        made({"index.html": "\n{% include 'part.html' %}", "part.html": "{% if 1 %}" * 2000 + "{% endif %}" * 2000})
    assert (caught.value.name, caught.value.line) == ("index.html", 2)


def test_a_packaged_file_that_the_system_does_not_give_is_no_mistake_in_a_template(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    templates = environment({"own.html": "{% include 'layout.html' %}"})

    def refuse(*_words: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(jinja2.PackageLoader, "get_source", refuse)
    with pytest.raises(OSError, match="Too many open files"):
        render(templates, "own.html")
