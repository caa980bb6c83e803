"""Lines of keys in a TOML file, and files that travel with the package."""

import tomllib

import pytest

from newsletter.settings.bundled import bundled
from newsletter.settings.places import toml_places

TEXT = '''\
# [no.table]
top = 1  # [x]

[one]
  a = "[not] # a = comment"
b."c d" = [
  { e = 1 },  # ]
  { e = "}" },
]
[one.two]
text = """
a = 1
[three]
"""
\'q=q\' = 'x'
[[many]]
a = 2
'''


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("top",), (2, 1)),
        (("one",), (4, 1)),
        (("one", "a"), (5, 3)),
        (("one", "b", "c d"), (6, 1)),
        (("one", "two"), (10, 1)),
        (("one", "two", "text"), (11, 1)),
        (("one", "two", "q=q"), (15, 1)),
        (("many",), (16, 1)),
        (("many", "a"), (17, 1)),
    ],
)
def test_every_key_has_the_place_of_its_statement(path: tuple[str, ...], place: tuple[int, int]) -> None:
    assert tomllib.loads(TEXT)
    assert toml_places(TEXT)[path] == place


def test_text_inside_strings_and_comments_is_no_key() -> None:
    assert ("three",) not in toml_places(TEXT)
    assert ("no", "table") not in toml_places(TEXT)


@pytest.mark.parametrize("name", ["newsletter.toml", "subscribers.example.csv", "templates/email", "issues"])
def test_what_travels_with_the_package_is_found(name: str) -> None:
    assert bundled(name).exists()
