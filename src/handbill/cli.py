"""Options, printing, exit statuses."""


def main() -> int:
    """Run the command line."""
    return 0
