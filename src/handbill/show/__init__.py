"""The printed forms of findings: values become text here; a command writes it.

`people` is what an editor reads on the terminal, `machines` are the forms that programs read, and `cells` knows how
wide text is there.
"""
