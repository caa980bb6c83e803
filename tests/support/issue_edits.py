"""Random changes of real issues, and what has to hold of the text behind them whatever it is written like."""

from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import strategies as st

from newsletter.desk.change import CopyItem, InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.issue.model import Issue, known_keys
from newsletter.issue.read import read_issue_text
from newsletter.issue.scaffold import starter_file, starter_issue
from newsletter.issue.tree import Data, DataPath, Node, read_tree
from tests.support.repository import ROOT

ODD = """\
# written by another hand

title:   '제목: 하나'    # its comment
number: 010
summary:
- 'one'
-
- "two # three"
# of the fourth
- four
tags: [ 기후,
  '주거, 복지', "x" ]   # and behind

hero: {src: assets/a.png, alt: 한 줄}
intro: >-
    folded
    text

    ends
contents:
sections:

# stands alone

- type: story   # a story
  heading:
    over two
    lines
  # of the body
  body: |+
   first


   # no comment

-   type: table
    rows:
      - - 구
        - 명
      -   - 종로구
          - "141,379"
    # deeper, at its end

  # and deeper than the dash
- {type: notice, body: "한 줄\\n두 줄"}
-
  type: figures
  items: [{value: 1, label: a}, {value: "2", label: 'b''c'}]
- type: jobs
  items: [
    { title: 하나, url: "https://www.example.org/1" },
    { title: '둘',
      url: https://www.example.org/2 },
  ]
closing: |2-
    indented
  text
translations:
    en:
        title: x
        sections:
            - {}
            - heading: y
              # button: later

            -
"""
"""Valid, and nothing in it is written as the starter would."""
NASTY = [
    "", " ", "\n", "x", "yes", "no", "~", "null", "true", "7", "-7", "1e3", "0x1F", ".5", "12:30", "2021-07-26", "=",
    "# heading", "a # b", "a: b", "a:", ": a", "- item", "-", "--- a", "...", "? a", "@a", "`a`", "%a", "&a", "*a*",
    "!a", "|", ">", "[a]", "{a}", "{{ subscriber.name }}님", '{{ subscriber.name | default("독자: 님") }}', "a, b",
    "<<", "'a'", '"a"', "it's", 'say "it"', "a\\b", "\ttab", "a\tb", " lead", "trail ", "a\n", "a\n\n", "\na", "a\nb",
    "a\r\nb", "a\n  b\nc", "  a\nb", "a\n\n\nb\n\n\n", "# 제목\n\n- 하나\n- 둘\n", "a\n# b\nc\n", "a\n \n",
    "\n  \n a\n", "a \nb  \n", "한글", "\u1112\u1161\u11ab", "👩\u200d👧", "a\u2028b", "a\u0085b", "\ufeffa", "\u00a0a",
    "a\x07", "\x00", "a\u200b", "긴 글 " * 60, "a\n\tb\n", "\t\na\n", "a,", "http://e.example.org/?a=b#c", "]", "}",
    "a]", "a}b", "a #", "a\u2029\nb\n", "...\n", "---\n",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet="a가\n :#-'\"|>{}[],\t", max_size=12),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map("\n".join),
)
KEYS = ("type", "heading", "body", "label", "value", "url")


def issues() -> dict[str, str]:
    """Issues by name, none of them with a problem of its YAML."""
    files = [
        "issues/2021-07.yaml",
        *(f"tests/golden/workspace/issues/{name}.yaml" for name in ("everything", "hostile")),
    ]
    found = {file: (ROOT / file).read_text(encoding="utf-8") for file in files}
    for language in ("ko", "en"):
        found[f"starter {language}"] = starter_issue(language, date(2026, 11, 1))
        found[f"welcome {language}"] = starter_file(language, "welcome.yaml")
    return found | {"odd": ODD}


def data_of(text: str) -> Data:
    """What the project reads there, which must find nothing wrong with it; a last line without an end has one."""
    worked = text.removeprefix("\ufeff").replace("\r\n", "\n")
    root, problems = read_issue_text("", (worked if worked.endswith("\n") else worked + "\n").split("\n"))
    assert root is not None, problems
    assert problems == []
    return root.data()


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> Data:
    if depth == 0 or draw(st.integers(0, 3)):
        return draw(TEXTS)
    if draw(st.booleans()):
        return draw(st.lists(values(depth - 1), max_size=3))
    return draw(st.dictionaries(st.sampled_from(KEYS), values(depth - 1), max_size=3))


@st.composite
def changes(draw: st.DrawFn, data: Data) -> IssueChange:
    """One that can be made."""
    places = list(_places(data))
    lists = [path for path, value in places if isinstance(value, list) and value]
    mappings = [(path, value) for path, value in places if isinstance(value, dict)]
    kind = draw(st.sampled_from(["set", "set", "key", "remove key", "insert", "move", "copy", "remove"]))
    if kind == "set":
        path = draw(st.sampled_from([path for path, value in places if isinstance(value, str)]))
        return SetValue(path, draw(TEXTS) if at(data, path) else draw(values()))
    if kind in {"key", "remove key"}:
        path, mapping = draw(st.sampled_from(mappings))
        if kind == "remove key" and mapping and path:
            return RemoveKey((*path, draw(st.sampled_from(sorted(mapping)))))
        missing = [key for key in (*known_keys(path, "", Issue), *KEYS, "새 칸") if key not in mapping]
        return SetValue((*path, draw(st.sampled_from(missing))), draw(values()))
    path = draw(st.sampled_from(lists))
    count = len(items_at(data, path))
    index = draw(st.integers(0, count - 1))
    if kind == "insert":
        return InsertItem(path, draw(st.integers(0, count)), draw(values()))
    if kind == "move":
        return MoveItem(path, index, draw(st.integers(0, count - 1)))
    return CopyItem(path, index, draw(st.integers(0, count))) if kind == "copy" else RemoveItem(path, index)


def at(data: Any, path: DataPath) -> Any:  # noqa: ANN401 - data of a file
    for part in path:
        data = data[part]
    return data


def items_at(data: Data, path: DataPath) -> list[Data]:
    items: list[Data] = at(data, path)
    return items


def meant(data: Data, change: IssueChange) -> Data:
    """What the data have to be, told in the plainest way."""
    after: Any = deepcopy(data)
    if isinstance(change, SetValue):
        at(after, change.path[:-1])[change.path[-1]] = change.value
    elif isinstance(change, RemoveKey):
        del at(after, change.path[:-1])[change.path[-1]]
    elif isinstance(change, InsertItem):
        at(after, change.path).insert(change.index, change.value)
    elif isinstance(change, CopyItem):
        at(after, change.path).insert(change.to, deepcopy(at(after, change.path)[change.index]))
    elif isinstance(change, MoveItem):
        at(after, change.path).insert(change.to, at(after, change.path).pop(change.index))
    else:
        at(after, change.path).pop(change.index)
    wanted: Data = after
    return wanted


def _places(data: Data, path: DataPath = ()) -> list[tuple[DataPath, Data]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [(path, data), *(place for key, value in inside for place in _places(value, (*path, key)))]


def shared(before: str, after: str) -> tuple[int, int]:
    """How many characters two texts share at their beginning and, behind these, at their end."""
    most = min(len(before), len(after))
    start = next((index for index in range(most) if before[index] != after[index]), most)
    end = next((index for index in range(most - start) if before[-1 - index] != after[-1 - index]), most - start)
    return start, end


def node_at(text: str, path: DataPath) -> Node:
    node = read_tree(text)[0]
    for part in path:
        content = node.content
        assert not isinstance(content, str)
        node = content[str(part)].value if isinstance(content, dict) else content[int(part)]
    return node
