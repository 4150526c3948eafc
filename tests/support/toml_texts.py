"""Valid TOML as people and programs may write it: texts of all kinds, lists over lines, comments, odd names."""

from hypothesis import strategies as st

_PRINTABLE = st.characters(blacklist_categories=["Cc", "Cs"])
_PLAIN = st.text(_PRINTABLE, max_size=12)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


_LONG_PARTS = st.sampled_from(
    ["\n", "\r\n", '"', '""', "'", "''", "# no comment", "[[entry]]", "\ntitle = 1", "\t", "word"]
)
_BASIC = _PLAIN.map(lambda text: f'"{_escaped(text)}"')
_LITERAL = _PLAIN.map(lambda text: "'" + text.replace("'", "’") + "'")
_LONG_BASIC = st.lists(st.one_of(_LONG_PARTS, st.sampled_from(["\\\n   ", "\\\\", '\\"', "\\u00e9"])), max_size=6).map(
    lambda parts: '"""\n' + " ".join(parts).replace('"""', '""\\"') + '"""'
)
_LONG_LITERAL = st.lists(_LONG_PARTS, max_size=6).map(
    lambda parts: "'''\n" + " ".join(parts).replace("'''", "''") + "'''"
)
texts = st.one_of(_BASIC, _LITERAL, _LONG_BASIC, _LONG_LITERAL)
_DATES = st.sampled_from(
    ["2026-03-31", "2026-03-31T08:00:00Z", "2026-03-31 08:00:00", "08:00:00", "1979-05-27T00:32:00.999-07:00"]
)
_NUMBERS = st.sampled_from(["0", "-17", "1_000", "0xDEAD_BEEF", "0b1", "6.626e-34", "inf", "-nan", "3.14"])
_SCALARS = st.one_of(texts, _DATES, _NUMBERS, st.sampled_from(["true", "false"]))
_GAP = st.sampled_from(["", " ", "\n", "\n  ", " # an aside, with ] and \" and '\n", "\r\n", "\t"])
_SPACE = st.sampled_from(["", " ", "\t", "  "])


@st.composite
def _lists(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    parts = draw(st.lists(inner, max_size=4))
    text = "["
    for number, part in enumerate(parts):
        last = number == len(parts) - 1 and draw(st.booleans())
        text += draw(_GAP) + part + draw(_GAP) + ("" if last else ",")
    return text + draw(_GAP) + "]"


@st.composite
def _inline_tables(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    parts = draw(st.lists(inner, max_size=3))
    space = draw(_SPACE)
    return "{" + ",".join(f"{space}n{number} ={space}{part}{space}" for number, part in enumerate(parts)) + "}"


values = st.recursive(_SCALARS, lambda inner: st.one_of(_lists(inner), _inline_tables(inner)), max_leaves=6)


@st.composite
def _names(draw: st.DrawFn, number: int) -> str:
    """A name that occurs nowhere else in the document: bare, in quotes, or dotted."""
    bare = draw(st.sampled_from(["title", "x-note", "2026", "a_b"])) + f"-{number}"
    name = draw(st.sampled_from([bare, f'"{bare} é \\" ="', f"'{bare} # ['"]))
    if draw(st.booleans()):
        space = draw(_SPACE)
        name += f"{space}.{space}{draw(st.sampled_from(['part', chr(34) + 'in quotes' + chr(34)]))}"
    return name


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """A valid document and what stands in it, in order: (name, value) as written, the value "" for a heading."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text, inventory = "", []
    for number in range(draw(st.integers(0, 6))):
        text += draw(st.sampled_from(["", end, f'# a word = [ "{end}', f"  {end}", "  ", "\t"]))
        name, space, remark = draw(_names(number)), draw(_SPACE), draw(st.sampled_from(["", " # ]]", "\t"]))
        if draw(st.integers(0, 3)):
            value = draw(values)
            text += f"{name}{space}={space}{value}{remark}{end}"
            inventory.append((name, value))
        else:
            left, right = draw(st.sampled_from([("[", "]"), ("[[", "]]")]))
            text += f"{left}{space}{name}{space}{right}{remark}{end}"
            inventory.append((name, ""))
    return text, inventory
