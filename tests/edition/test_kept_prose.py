"""What Markdown made of a text is kept, and never given where it would be made otherwise."""

from itertools import product

import pytest
from markupsafe import Markup

from newsletter.edition.markdown.prose import Prose, ProseError, _blocks_of, _tree_of
from newsletter.edition.markers import Markers
from newsletter.edition.tables import TableView

TEXT = "# 제목\n\nשלום עולם\n\n첫 줄\n둘째 줄 {{ subscriber.name }}\n"


def forget() -> None:
    _blocks_of.cache_clear()
    _tree_of.cache_clear()


def made(text: str, direction: str, level: int, others: list[str], *, keep_breaks: bool) -> tuple[str, str]:
    prose = Prose(Markers([text, *others]), "", direction=direction, keep_breaks=keep_breaks)
    return prose.blocks(text, "", level=level), repr(prose.tree(text, "").pretty(show_text=True))


def test_all_on_which_it_depends_tells_one_from_another() -> None:
    ways = [*product(("ltr", "rtl"), (2, 3), ([], ["aq0q aq1q aaq"]), (False, True))]
    alone = []
    for direction, level, others, keep in ways:
        forget()
        alone.append(made(TEXT, direction, level, others, keep_breaks=keep))
    forget()
    for _ in range(2):
        kept = [made(TEXT, direction, level, others, keep_breaks=keep) for direction, level, others, keep in ways]
        assert kept == alone
    assert len({html for html, _ in alone}) == len({Markers([TEXT, *others]).prefix for _, _, others, _ in ways}) * 8


def test_a_picture_is_refused_at_each_place_where_it_stands() -> None:
    for place in ("intro", "closing", "intro"):
        with pytest.raises(ProseError) as raised:
            Prose(Markers([]), "").blocks("![](x.png)", place, level=2)
        assert raised.value.problems[0].path == place
        with pytest.raises(ProseError):
            Prose(Markers([]), "").tree("![](x.png)", place)


def test_a_table_is_drawn_as_that_letter_draws_it() -> None:
    table = "| 가 | 나 |\n|---|---|\n| 1 | 2 |\n"
    for name in ("A", "B"):

        def draw(_view: TableView, name: str = name) -> Markup:
            return Markup(name)

        assert Prose(Markers([]), "", draw=draw).blocks(table, "", level=2) == name
