"""What keeps a style sheet from being CSS, in our words, and where its template has it. Touches: nothing.

Limits: a line is told only where one line of the template alone can be meant; a value that is filled in has no place.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from newsletter.catalogue import Phrase, Said, Verbatim, phrase
from newsletter.errors import Problem

_NO_BLOCK = re.compile(r".* reached before \{\} block for a \w+ rule\.")
"""Inside a rule, what is no property is taken for the beginning of a rule inside."""
_FAULTS: Mapping[str, Phrase] = {
    r"EOF reached before \{\} block": phrase("edition.style.has_no_braces"),
    r"Expected ':' after declaration name": phrase("edition.style.has_no_colon"),
    r"Expected <ident> for declaration name": phrase("edition.style.is_no_property"),
    r"Unmatched": phrase("edition.style.bracket_is_unmatched"),
    r"Bad (?:string|URL)|EOF in (?:string|URL)": phrase("edition.style.quote_is_open"),
    r"Declaration contains \{\} block": phrase("edition.style.lacks_brace"),
}


def said_by_parser(message: str, *, inside: bool = False) -> Said:
    """What tinycss2 found wrong, `inside` a rule or between rules; what it seldom says is quoted."""
    if inside and _NO_BLOCK.match(message):
        return phrase("edition.style.has_no_colon")
    return next((said for begins, said in _FAULTS.items() if re.match(begins, message)), Verbatim(message))


def placed_in_template(problem: Problem, sheet: str, template: str) -> Problem:
    """The problem of a rendered sheet where its template, of this text, has the same line."""
    if problem.line is None:
        return problem
    wanted = sheet.split("\n")[problem.line - 1].rstrip()
    lines = template.split("\n")
    same = [number for number, line in enumerate(lines, 1) if line.rstrip() == wanted]
    if len(same) == 1:
        return replace(problem, line=same[0])
    selector = _selector(wanted)
    alike = [number for number, line in enumerate(lines, 1) if selector and _selector(line) == selector]
    return replace(problem, line=alike[0] if len(alike) == 1 else None, column=None)


def _selector(line: str) -> str:
    return line.partition("{")[0].strip()
