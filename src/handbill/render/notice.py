"""What an item says of itself: its own words, or, once it was taken back, that it was, and why."""

from handbill.model import Site
from handbill.published import Item


def title(item: Item, site: Site) -> str:
    """The title of *item*, an entry of *site*."""
    if not item.withdrawn:
        return item.entry.title
    from handbill.render.words import words_in

    return f"{words_in(item.entry.lang or site.lang).say('withdrawn')}: {item.entry.title}"


def summary(item: Item, site: Site) -> str | None:
    """The summary of *item*, an entry of *site*, as plain text."""
    if not item.withdrawn:
        return item.entry.summary
    from handbill.render.words import words_in

    words, reason = words_in(item.entry.lang or site.lang), item.entry.withdrawn_reason
    said = words.say("withdrawn-explained" if reason else "withdrawn-on", date=words.day(item.withdrawn))
    return f"{said} {reason}" if reason else said
