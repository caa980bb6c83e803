"""Merge fields in the text of an issue: a small grammar of our own, never evaluated by a template engine.

    {{ subscriber.name | default("구독자") }}      {{ subscriber.fields["회사 이름"] }}      {{ "{{" }}

Touches: nothing. Limits: `subscriber.name`, `.email`, `.language`, `.fields.X` and `.fields["X"]`, one optional
`default("…")`, and the literal braces; nothing else.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MergeField:
    """One hole in a text: the key it is looked up under and the words that stand in when the value is missing.

    Keys are `name`, `email`, `language` and `fields.<column>`; keys that begin with `link.` are the letter's own
    (`link.unsubscribe`) and cannot be written in an issue.
    """

    key: str
    default: str | None = None
