"""What front matter of a Markdown file says that an issue says, too. Touches: nothing.

It is another system's, so that unknown keys are told and left out, not errors; the date of a post is none of an issue
that is still to be written. Limits: it begins the file and ends within its first 200 lines; YAML alone.
"""

from newsletter.errors import InputError
from newsletter.issue.front_matter import parted
from newsletter.issue.read import read_issue_text
from newsletter.issue.scan import refuse_unsafe
from newsletter.issue.tree import Data

_AS_HERE = ("title", "subject", "preheader", "author", "number")
_CALLED_OTHERWISE = {"description": "preheader", "summary": "preheader", "excerpt": "preheader"}
_LISTS = {"tags": "tags", "categories": "tags"}
_MOST_TAGS, _LONGEST_TAG = 10, 40


def without_front_matter(text: str, file: str) -> tuple[str, dict[str, Data], tuple[str, ...]]:
    """The text below it, keys of an issue, and the keys that were left out. Raises InputError where it is no YAML."""
    head, body = parted(text)
    if not head:
        return text, {}, ()
    lines = ["", *head]
    refuse_unsafe("\n".join(lines), file)
    root, problems = read_issue_text(file, lines)
    if problems or root is None:
        raise InputError(problems=problems)
    data = root.data()
    said: dict[str, Data] = {}
    unknown: list[str] = []
    for key, value in data.items() if isinstance(data, dict) else ():
        name = _CALLED_OTHERWISE.get(key, key)
        line = " ".join(value.split()) if isinstance(value, str) else ""
        if name == "number" and not (line.isdecimal() and 0 < int(line[:7]) < 1_000_000):
            line = ""
        if key in _LISTS and (tags := _tags(value)):
            said.setdefault(_LISTS[key], [*tags])
        elif name in _AS_HERE and line:
            said.setdefault(name, line)
        else:
            unknown.append(key)
    return body, said, tuple(unknown)


def _tags(value: Data) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    tags = [" ".join(one.split()) for one in parts if isinstance(one, str)]
    fit = (tag for tag in dict.fromkeys(tags) if 0 < len(tag) <= _LONGEST_TAG and any(map(str.isalnum, tag)))
    return [*fit][:_MOST_TAGS]
