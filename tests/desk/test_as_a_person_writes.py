"""What the desk writes reads as if a person had written it, in the manner of the file around it."""

import pytest

from newsletter.desk.change import CopyItem, InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.desk.text.edit import edited_text

TEXTS = [
    ("title: a\n", "b", "title: b\n"),
    ("title: a   # why\n", "b: c", 'title: "b: c"   # why\n'),
    ("title: 'a'\n", "it's", "title: 'it''s'\n"),
    ('title: "a"\n', 'say "b"', 'title: "say \\"b\\""\n'),
    ("title: a\n", 'say: "b"', "title: 'say: \"b\"'\n"),
    ("subject: 'x'\ntitle: a\n", "b # c", "subject: 'x'\ntitle: 'b # c'\n"),
    ("title: a\n  b\n  c  # why\nnumber: 1\n", "d", "title: d  # why\nnumber: 1\n"),
    ('title: "a\n  b"\nnumber: 1\n', "d", 'title: "d"\nnumber: 1\n'),
    ("title: a\n", "no", "title: no\n"),
    ("title: a\n", "443", 'title: "443"\n'),
    ("title: 010\n", "011", "title: 011\n"),
    ("title: a\n", "2021-07-26", "title: 2021-07-26\n"),
    ("title: a\n", "- b", 'title: "- b"\n'),
    ("title: a\n", "@b", 'title: "@b"\n'),
    ("title: a\n", "{{ subscriber.name }}님께", 'title: "{{ subscriber.name }}님께"\n'),
    ("title: a\n", "안녕, {{ subscriber.name }}님", "title: 안녕, {{ subscriber.name }}님\n"),
    ("title: a\n", "\u1112\u1161\u11ab 👩\u200d👧", "title: \u1112\u1161\u11ab 👩\u200d👧\n"),
    ("title: a\n", "b\u2028c", 'title: "b\\u2028c"\n'),
    ("title: a\n", "", 'title: ""\n'),
    ("title:\n", "b", "title: b\n"),
    ("title: # why\n", "b", "title: b # why\n"),
    ("title : a\n", "b", "title : b\n"),
]
BODIES = [
    ("intro: |\n  a\n\n# c\n", "b\n\nd: e # f\n", "intro: |\n  b\n\n  d: e # f\n\n# c\n"),
    ("intro: |\n     a\n", "b\n", "intro: |\n     b\n"),
    ("intro: |-\n  a\n", "b\nc", "intro: |-\n  b\n  c\n"),
    ("intro: |\n  a\n", "b\nc", "intro: |-\n  b\n  c\n"),
    ("intro: |+   # why\n  a\n\nnumber: 1\n", "b\n", "intro: |+   # why\n  b\nnumber: 1\n"),
    ("intro: |\n  a\nnumber: 1\n", "b\n\n", "intro: |+\n  b\n\nnumber: 1\n"),
    ("intro: >-\n  a\n  b\nnumber: 1\n", "c\nd", "intro: |-\n  c\n  d\nnumber: 1\n"),
    ("intro: a  # why\nnumber: 1\n", "b\nc\n", "intro: |  # why\n  b\n  c\nnumber: 1\n"),
    ('intro: "a"\n', "b\nc\n", "intro: |\n  b\n  c\n"),
    ('intro: "a"\n', "긴: " * 60 + "글", f'intro: "{"긴: " * 60}글"\n'),
    ("intro: a\n", "긴: " * 60 + "글", f"intro: |-\n  {'긴: ' * 60}글\n"),
    ("intro: |\n  a\n", "  b\nc\n", "intro: |2\n    b\n  c\n"),
    ("intro: |\n  a\nnumber: 1\n", "", 'intro: ""\nnumber: 1\n'),
    ("intro: |\n\nnumber: 1\n", "b\n", "intro: |\n  b\n\nnumber: 1\n"),
    ("intro: |\n  a\n", "b\tc\u2028\n", 'intro: "b\\tc\\u2028\\n"\n'),
]
KEYS: list[tuple[str, IssueChange, str]] = [
    ("title: a\nintro: b\n", SetValue(("preheader",), "c"), "title: a\npreheader: c\nintro: b\n"),
    ("title: a\n\nintro: |\n  b\n\nclosing: c\n", SetValue(("hero", "alt"), "d"),
     "title: a\n\nhero:\n  alt: d\n\nintro: |\n  b\n\nclosing: c\n"),
    ("title: a\n\nclosing: c\n", SetValue(("intro",), "b |+\nd\n"),
     "title: a\n\nintro: |\n  b |+\n  d\n\nclosing: c\n"),
    ("# of the file\nintro: b\n", SetValue(("title",), "a"), "# of the file\ntitle: a\nintro: b\n"),
    ("hero: { src: a.png, credit: b }  # why\n", SetValue(("hero", "alt"), "c, d"),
     'hero: { src: a.png, alt: "c, d", credit: b }  # why\n'),
    ("items:\n  - { value: a, label: 'b' }  # why\n  - {}\n", SetValue(("items", 0, "value"), "c\nd\n"),
     "items:\n  - value: |  # why\n      c\n      d\n    label: 'b'\n  - {}\n"),
    ("items:\n  - { value: a }  # why\n", SetValue(("items", 0, "label"), "c\n\nd\n"),
     "items:\n  - value: a  # why\n    label: |\n      c\n\n      d\n"),
    ("hero: {src: a, credit: b}\n", SetValue(("hero", "alt"), "c\nd\n"),
     "hero:\n  src: a\n  alt: |\n    c\n    d\n  credit: b\n"),
    ("items: [{ value: a }]\n", SetValue(("items", 0, "value"), "c\nd\n"), 'items: [{ value: "c\\nd\\n" }]\n'),
    ("hero: {}\n", SetValue(("hero", "alt"), "a"), "hero:\n  alt: a\n"),
    ("hero:  # why\nintro: b\n", SetValue(("hero", "alt"), "a"), "hero:  # why\n  alt: a\nintro: b\n"),
    ("sections:\n- type: story\n  body: a\n", SetValue(("sections", 0, "heading"), "b"),
     "sections:\n- type: story\n  heading: b\n  body: a\n"),
    ("sections:\n- body: a\n", SetValue(("sections", 0, "type"), "story"), "sections:\n- type: story\n  body: a\n"),
    ("sections:\n  - {}\n  -\n", SetValue(("sections", 0, "heading"), "a"), "sections:\n  - heading: a\n  -\n"),
    ("sections:\n  - {}\n  -  # why\n", SetValue(("sections", 1, "heading"), "a"),
     "sections:\n  - {}\n  - heading: a  # why\n"),
    ("title: a\ntags: []\n", InsertItem(("tags",), 0, "기후"), "title: a\ntags: [기후]\n"),
    ("title: a\n", SetValue(("tags",), ["기후", "주거, 복지"]), 'title: a\ntags: [기후, "주거, 복지"]\n'),
    ("title: a\n# of b\n# and more\nnumber: 1\n\nintro: c\n", RemoveKey(("number",)), "title: a\n\nintro: c\n"),
    ("title: a\n# of all\n\nnumber: 1\nintro: c\n", RemoveKey(("number",)), "title: a\n# of all\n\nintro: c\n"),
    ("title: a\nhero:\n    alt: b\nintro: c\n", RemoveKey(("hero", "alt")), "title: a\nhero: {}\nintro: c\n"),
    ("sections:\n- type: a\n  # of b\n  body: b\n", RemoveKey(("sections", 0, "type")),
     "sections:\n- # of b\n  body: b\n"),
    ("hero: {src: a, alt: b}\n", RemoveKey(("hero", "alt")), "hero: {src: a}\n"),
    ('hero: {src: a, alt: " # b"}\n', RemoveKey(("hero", "alt")), "hero: {src: a}\n"),
    ('hero: {src: " # a", alt: b}\n', RemoveKey(("hero", "src")), "hero: {alt: b}\n"),
    ('tags: [" # a"]\n', RemoveItem(("tags",), 0), "tags: []\n"),
    ("hero: {src: a, alt: b}\n", RemoveKey(("hero", "src")), "hero: {alt: b}\n"),
]  # fmt: skip
STARTER = """\
# of the file

title: a
# number: 1        # of the year
# hero: { src: b.png }   # a large picture
line_breaks: keep
# subject: c

intro: |
  # hero: in a text

sections:
  - type: story
    # image: { src: d.png }
    body: e
    button: { label: f, url: g }
"""
SAMPLES: list[tuple[IssueChange, str]] = [
    (SetValue(("number",), "2"), STARTER.replace("# number", "number: 2\n# number")),
    (SetValue(("hero", "src"), "a"), STARTER.replace("# hero: {", "hero:\n  src: a\n# hero: {")),
    (SetValue(("subject",), "d"), STARTER.replace("# subject", "subject: d\n# subject")),
    (SetValue(("sections", 0, "image"), {"src": "a"}), STARTER.replace("# image", "image:\n      src: a\n    # image")),
    (InsertItem(("sections",), 1, {"type": "story", "button": {"label": "h", "url": "i: j"}}),
     STARTER + '\n  - type: story\n    button: { label: h, url: "i: j" }\n'),
]  # fmt: skip
LIST = """\
sections:
  # one is first
  - type: one   # really
    # body: later

  # stands alone

  # two is next
  - type: two

  - type: three
  # at the end
closing: x
"""
ITEMS: list[tuple[str, IssueChange, str]] = [
    (LIST, RemoveItem(("sections",), 0), LIST.replace("""\
  # one is first
  - type: one   # really
    # body: later

""", "")),
    (LIST, RemoveItem(("sections",), 1), LIST.replace("""\
  # two is next
  - type: two

""", "")),
    (LIST, RemoveItem(("sections",), 2), LIST.replace("""\

  - type: three
""", "")),
    (LIST, MoveItem(("sections",), 2, 0), """\
sections:
  - type: three

  # stands alone

  # one is first
  - type: one   # really
    # body: later

  # two is next
  - type: two
  # at the end
closing: x
"""),
    (LIST, CopyItem(("sections",), 1, 2), LIST.replace("""\
  - type: two
""", """\
  - type: two

  # two is next
  - type: two
""")),
    (LIST, InsertItem(("sections",), 3, {"type": "story", "body": "a\n\nb\n", "research": [{"title": "c"}]}),
     LIST.replace("""\
  - type: three
""", """\
  - type: three

  - type: story
    body: |
      a

      b
    research:
      - title: c
""")),
    ("sections:\n- type: a\n", InsertItem(("sections",), 0, {"type": "b", "hero": {"alt": "c"}}),
     "sections:\n- type: b\n  hero:\n    alt: c\n\n- type: a\n"),
    ("sections:\n- type: a\n- type: b\n", InsertItem(("sections",), 1, {"type": "c"}),
     "sections:\n- type: a\n- type: c\n- type: b\n"),
    ("items:\n  - { value: a, label: b }\n", InsertItem(("items",), 1, {"value": "c, d", "label": "e"}),
     'items:\n  - { value: a, label: b }\n  - { value: "c, d", label: e }\n'),
    ("tags: [a, b, c]\n", MoveItem(("tags",), 0, 2), "tags: [b, c, a]\n"),
    ("tags: [a, b]\n", InsertItem(("tags",), 1, "c: d"), 'tags: [a, "c: d", b]\n'),
    ("tags: [\n  a,\n  b,\n]\n", InsertItem(("tags",), 2, "c"), "tags: [\n  a,\n  b,\n  c,\n]\n"),
    ("tags: [a, b]  # why\n", RemoveItem(("tags",), 1), "tags: [a]  # why\n"),
    ("tags: [a]  # why\n", RemoveItem(("tags",), 0), "tags: []  # why\n"),
    ("summary:  # why\n  - a\ntitle: b\n", RemoveItem(("summary",), 0), "summary: []  # why\ntitle: b\n"),
    ("rows:\n  - - a\n    - b\n  - - c\n", MoveItem(("rows", 0), 1, 0), "rows:\n  - - b\n    - a\n  - - c\n"),
    ("rows:\n  - - a\n    - b\n  - - c\n", RemoveItem(("rows", 0), 0), "rows:\n  - - b\n  - - c\n"),
    ("a:\n  - |+\n   b\n\n\n  - c\nd: e\n", MoveItem(("a",), 0, 1), "a:\n  - c\n  - |+\n   b\n\n\nd: e\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "text", "after"), TEXTS)
def test_a_text_is_written_as_it_was_or_in_the_least_way_that_says_it(before: str, text: str, after: str) -> None:
    assert edited_text(before, SetValue(("title",), text)) == after


@pytest.mark.parametrize(("before", "text", "after"), BODIES)
def test_a_longer_text_stands_under_a_bar(before: str, text: str, after: str) -> None:
    assert edited_text(before, SetValue(("intro",), text)) == after


@pytest.mark.parametrize(("before", "change", "after"), KEYS)
def test_a_key_comes_and_goes_where_the_schema_has_it(before: str, change: IssueChange, after: str) -> None:
    assert edited_text(before, change) == after


@pytest.mark.parametrize(("change", "after"), SAMPLES)
def test_what_the_file_shows_in_a_comment_or_elsewhere_is_followed(change: IssueChange, after: str) -> None:
    assert edited_text(STARTER, change) == after


@pytest.mark.parametrize(("before", "change", "after"), ITEMS)
def test_an_item_goes_with_its_comments_and_leaves_the_others(before: str, change: IssueChange, after: str) -> None:
    assert edited_text(before, change) == after


@pytest.mark.parametrize(("before", "change", "after"), [*KEYS, *ITEMS])
def test_a_file_of_windows_stays_one(before: str, change: IssueChange, after: str) -> None:
    crlf = "\ufeff" + before.replace("\n", "\r\n")
    assert edited_text(crlf, change) == "\ufeff" + after.replace("\n", "\r\n")


def test_lines_that_were_ended_in_two_ways_stay_so() -> None:
    before = "title: a\r\nnumber: 1\nintro: |\n  b\r\n"
    assert edited_text(before, SetValue(("title",), "c")) == "title: c\r\nnumber: 1\nintro: |\n  b\r\n"
    assert edited_text(before, SetValue(("intro",), "c\nd\n")) == "title: a\r\nnumber: 1\nintro: |\n  c\n  d\r\n"


def test_a_last_line_without_an_end_stays_so() -> None:
    assert edited_text("title: a\nnumber: 1", SetValue(("number",), "2")) == "title: a\nnumber: 2"
    assert edited_text("title: a\nintro: |\n  b", SetValue(("closing",), "c")) == "title: a\nintro: |\n  b\nclosing: c"


def test_a_list_that_is_emptied_at_the_end_leaves_no_empty_line() -> None:
    assert edited_text("title: a\nsummary:\n  - b", RemoveItem(("summary",), 0)) == "title: a\nsummary: []"


def test_a_text_that_ends_in_empty_lines_ends_the_file_with_them() -> None:
    assert edited_text("intro: |\n  b", SetValue(("intro",), "c\n\n")) == "intro: |+\n  c\n\n"


def test_an_own_type_of_section_is_no_stranger() -> None:
    before = "sections:\n  - type: x-map\n    place: a\n"
    assert edited_text(before, SetValue(("sections", 0, "heading"), "b")) == before.replace(
        "place", "heading: b\n    place"
    )


def test_saying_what_it_says_already_changes_nothing() -> None:
    assert edited_text(LIST, SetValue(("closing",), "x")) is LIST
    assert edited_text(LIST, MoveItem(("sections",), 1, 1)) is LIST
