"""What an item says of itself: its own words, or, once it was taken back, that it was, and why."""

from handbill.published import Item


def title(item: Item) -> str:
    """The title of *item*."""
    return f"Withdrawn: {item.entry.title}" if item.withdrawn else item.entry.title


def summary(item: Item) -> str | None:
    """The summary of *item* as plain text."""
    if not item.withdrawn:
        return item.entry.summary
    notice = f"This entry was withdrawn on {item.withdrawn.isoformat()}."
    return f"{notice} {item.entry.withdrawn_reason}" if item.entry.withdrawn_reason else notice
