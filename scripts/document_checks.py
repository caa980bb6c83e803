"""Write docs/checks.md from the rules themselves, so that the two cannot differ. Touches: standard output.

python scripts/document_checks.py > docs/checks.md
"""

import importlib
import re
from itertools import groupby

from newsletter.catalogue import Said
from newsletter.check import rules
from newsletter.check.rule import Rule

HEAD = """# All rules of `check`

How to use them, change what they are to your newsletter, and run them on every pull request:
[checking.md](checking.md). Made by `scripts/document_checks.py` from the rules; their texts are data, in
`src/newsletter/check/words/*.toml`, in Korean and English.
"""


def page() -> str:
    """The whole of docs/checks.md."""
    parts = [HEAD, _table()]
    for family, members in groupby(rules.RULES.values(), key=lambda rule: rule.family):
        parts.append(f"## {title(family)}\n")
        parts.extend(_rule(rule) for rule in members)
    return "\n".join(parts)


def title(family: str) -> str:
    """What the family's module says of itself, before its first colon."""
    module = importlib.import_module(f"{rules.__name__}.{family}")
    return (module.__doc__ or family).partition(":")[0]


def _table() -> str:
    cells = [(rule.id, _severity(rule), _plain(rule.finds)) for rule in rules.RULES.values()]
    rows = [f"| [`{name}`](#{name}) | {severity} | {finds} |" for name, severity, finds in cells]
    return "\n".join(["| rule | | finds |", "|---|---|---|", *rows, ""])


def _severity(rule: Rule) -> str:
    return f"{rule.severity}, stops a send" if rule.stops_sending else rule.severity


def _rule(rule: Rule) -> str:
    return "\n".join(
        [
            f"### {rule.id}\n",
            f"{rule.severity.capitalize()}: {_plain(rule.finds)}. {_plain(rule.why)}\n",
            f"*Mend:* {_plain(rule.mend)}\n",
            f"*Source:* {_linked(rule.source)}\n",
        ]
    )


def _linked(source: str) -> str:
    """`RFC 8058 https://…` and `docs/issue-file.md` as links; several sources stand between semicolons."""
    return "; ".join(_link(one) for one in source.split("; "))


def _link(source: str) -> str:
    if match := re.fullmatch(r"(.*?),?\s*(https?://\S+)", source):
        return f"[{match[1] or match[2]}]({match[2].replace('(', '%28').replace(')', '%29')})"
    return re.sub(r"docs/(\S+)", r"[\1](\1)", source)


def _plain(said: Said) -> str:
    """English that neither Markdown nor a table takes for its own."""
    return re.sub(r"([\\<|*_\[\]])", r"\\\1", said.in_language("en"))


if __name__ == "__main__":
    print(page(), end="")
