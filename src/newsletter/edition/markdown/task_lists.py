"""Task lists: `- [ ] 신청` shows as ☐ 신청, `- [x] 신청` as ☑ 신청. Touches: nothing.

Limits: nobody can tick them, since a letter has no forms.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from .typed_marks import led_by, with_typed_mark

_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_OPEN, _DONE = "☐", "☑"


def task_lists(md: MarkdownIt) -> None:
    """A markdown-it plugin, to be used after `number_lists`."""
    md.core.ruler.after("number_lists", "task_lists", _task_lists)


def _task_lists(state: StateCore) -> None:
    for position, item in enumerate(state.tokens):
        if item.type != "list_item_open":
            continue
        first = state.tokens[position + 1 : position + 4]
        task = _TASK.match(first[1].content) if first[0].type == "paragraph_open" else None
        if task:
            first[1].content = first[1].content[task.end() :]
            mark = _OPEN if task[1] == " " else _DONE
            if item.info:
                led_by(mark, first)
            else:
                with_typed_mark(item, first, mark)
