"""The two pages of leaving, in the list's language: they work without scripts and load nothing."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "leave": "Leave “{title}”",
        "ask": "Press the button, and no more issues of this digest will come to you.",
        "button": "Leave this list",
        "left": "That is done",
        "done": "If “{title}” sent you this link, no more issues will come to you. You need not do anything else.",
        "broken": "This link is not complete",
        "whole": "Open the link for leaving from the foot of an issue once more, or copy all of it.",
        "trouble": "Please try again",
        "later": "The list could not be reached just now, and nothing was changed. Please try again in a few minutes.",
    },
    "es": {
        "leave": "Dejar «{title}»",
        "ask": "Pulse el botón y no recibirá más números de este boletín.",
        "button": "Darme de baja",
        "left": "Hecho",
        "done": "Si este enlace le llegó con «{title}», no recibirá más números. No tiene que hacer nada más.",
        "broken": "Este enlace no está completo",
        "whole": "Abra de nuevo el enlace de baja al pie de un número, o cópielo entero.",
        "trouble": "Inténtelo de nuevo",
        "later": "No se ha podido acceder a la lista y nada ha cambiado. Inténtelo de nuevo dentro de unos minutos.",
    },
}
"""By language; one that is not here gets English, said to be so."""

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto 2rem;padding:0 1.25rem}"
    "h1{font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}"
    "button{font:inherit;padding:.6rem 1.2rem;border:2px solid;border-radius:.4rem;background:Canvas;color:CanvasText;"
    "cursor:pointer}"
    "button:focus-visible{outline:3px solid Highlight;outline-offset:3px}"
)

POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may do (Content Security Policy): carry its own style, and post its own form."""


def _words(lang: str) -> tuple[str, Mapping[str, str]]:
    found = lang.lower().split("-")[0]
    return (lang, _WORDS[found]) if found in _WORDS else ("en", _WORDS["en"])


def _page(lang: str, title: str, heading: str, text: str, form: str = "") -> str:
    code, words = _words(lang)
    named = {"title": title}
    head, body = escape(words[heading].format_map(named)), escape(words[text].format_map(named))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(code)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="robots" content="noindex">\n<title>{head}</title>\n<style>{_STYLE}</style>\n</head>\n'
        f'<body>\n<main>\n<h1 dir="auto">{head}</h1>\n<p dir="auto">{body}</p>\n{form}</main>\n</body>\n</html>\n'
    )


def asking(lang: str, title: str) -> str:
    """The page behind a link: a button, which posts what a mail program posts by itself (RFC 8058)."""
    button = escape(_words(lang)[1]["button"])
    form = (
        '<form method="post">\n<input type="hidden" name="List-Unsubscribe" value="One-Click">\n'
        f'<button type="submit">{button}</button>\n</form>\n'
    )
    return _page(lang, title, "leave", "ask", form)


def done(lang: str, title: str) -> str:
    """The page after it, whoever asked."""
    return _page(lang, title, "left", "done")


def incomplete(lang: str, title: str) -> str:
    """The page for an address that is no link for leaving by its form."""
    return _page(lang, title, "broken", "whole")


def trouble(lang: str, title: str) -> str:
    """The page for a list that cannot be changed just now."""
    return _page(lang, title, "trouble", "later")
