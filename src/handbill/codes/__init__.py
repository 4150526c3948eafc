"""What every code means: one Markdown file a code, for `handbill check --explain` and the manual's page of findings.

To add a code, write ``E123.md`` (``W...``, ``N...``) here, of this form, in words that a person who is no programmer
would use::

    # E123: A quotation mark is missing

    One paragraph or more: what it means, why it matters, what to do.

    ```toml wrong
    [[entry]]
    date = 2026-03-31
    title = "Tide tables
    ```

    ```toml right
    [[entry]]
    date = 2026-03-31
    title = "Tide tables"
    ```

The tests read the *wrong* example and see exactly this code, and the *right* one and see nothing. To an example without
a ``[site]`` they put one in front; a third word in the first line of the example says otherwise:

- ``whole``: this is the whole file, add nothing;
- ``utf-16``, ``windows-1252`` ...: the file is saved in that encoding.

A character that cannot be seen is written ``<U+200B>``. There may be several wrong and right examples.
"""
