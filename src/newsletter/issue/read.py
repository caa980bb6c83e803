"""Text of an issue file -> its tree and everything that is wrong with its YAML, several at once. Touches: nothing.

A line that is no YAML is told together with the line that would be, put in its place, and the reading begins anew, so
that one forgotten pair of quotes does not hide the next.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from newsletter.catalogue import phrase
from newsletter.errors import Problem
from newsletter.excerpt import shortened
from newsletter.settings.explain import tidy

from .block_text import deep_first_line, deep_first_lines
from .brackets import open_bracket
from .model import lists_of_texts
from .places import problem_at
from .structure_signs import strange_trap
from .torn_numbers import torn_numbers
from .traps import A_LIST, IN_BRACES, Trap, diagnose, lost_comment, no_key, trap
from .tree import Flaw, Node, TreeError, read_tree

MOST_REPAIRS = 20
LARGEST_REPAIRED = 200_000
"""Characters; a larger file with a broken line is told about the first only, since each reading takes up to 1 s."""


def read_issue_text(file: str, lines: list[str]) -> tuple[Node | None, list[Problem]]:
    """The tree, None where it cannot be read even with repairs, and the problems; `file` is how they call the file."""
    reading = list(lines)
    problems: dict[int, Problem] = {}
    root: Node | None = None
    for _ in range(MOST_REPAIRS):
        try:
            root, flaws = read_tree("\n".join(reading))
        except TreeError as error:
            if not error.final and (strange := _strange(file, lines, reading, range(1, len(lines) + 1))):
                problems |= strange
                continue
            number, problem, instead = _explain(file, lines, reading, error)
            repairable = instead and number not in problems and sum(map(len, lines)) < LARGEST_REPAIRED
            problems.setdefault(number, problem)
            if not repairable:
                break
            reading[number - 1] = instead
        else:
            if strange := _strange(file, lines, reading, _lines_of_odd_keys(root, flaws)):
                problems |= strange
                continue
            others = [_of_flaw(file, lines, flaw) for flaw in flaws]
            slips = [*_lost_texts(file, lines, root, set(problems)), *_lost_colons(file, lines, root)]
            slips += [*_torn_numbers(file, lines, root), *_lost_lines(file, lines, reading, root)]
            return root, [*_named(root, problems), *others, *slips]
    return None, list(problems.values())


def _strange(file: str, lines: list[str], reading: list[str], numbers: Iterable[int]) -> dict[int, Problem]:
    """Problems by line, where signs that no YAML is made of stand in its structure; `reading` is mended there."""
    found = {}
    for number in numbers:
        if cause := strange_trap(reading[number - 1]):
            reading[number - 1] = cause.line
            found[number] = problem_at(file, lines, number, cause.column, cause.message, hint=cause.hint)
    return found


def _lines_of_odd_keys(root: Node, flaws: list[Flaw]) -> Iterator[int]:
    yield from (flaw.line for flaw in flaws)
    for _, node in root.values():
        for key, entry in node.content.items() if isinstance(node.content, dict) else ():
            if not key.isascii():
                yield entry.key.line


def _explain(file: str, lines: list[str], reading: list[str], error: TreeError) -> tuple[int, Problem, str]:
    """The line that is to blame, what to say about it, and the line to read instead, if there is one."""
    found = None if error.final else _diagnosed(reading, error)
    if error.opened and not error.final and (found is None or _is_vague(found[1])):
        found = _not_closed(reading, *error.opened) or found
    if found is None:
        return error.line, problem_at(file, lines, *_before_the_end(lines, error), error.message), ""
    number, cause = found
    if cause.message == IN_BRACES and not _reads(cause.line):
        cause = replace(cause, line="")
    return number, problem_at(file, lines, number, cause.column, cause.message, hint=cause.hint), cause.line


def _diagnosed(reading: list[str], error: TreeError) -> tuple[int, Trap] | None:
    return deep_first_line(reading, error.line) or diagnose(reading, error.line, error.related)


def _of_flaw(file: str, lines: list[str], flaw: Flaw) -> Problem:
    """What is wrong besides; `{value: 3,000, label: 4,000}` has no key twice, but two texts that want quotes."""
    torn = trap(lines[flaw.line - 1]) if flaw.is_repeated else None
    if torn and torn.message == IN_BRACES:
        return problem_at(file, lines, flaw.line, torn.column, torn.message, hint=torn.hint)
    return problem_at(file, lines, flaw.line, flaw.column, flaw.message, flaw.path)


def _is_vague(found: Trap) -> bool:
    """Whether a bracket that is not closed would explain it better: no line to paste, or a list as a text."""
    key = found.line.strip(" -").partition(":")[0]
    return not found.line or (found.message == A_LIST and key in lists_of_texts())


def _not_closed(reading: list[str], line: int, column: int) -> tuple[int, Trap] | None:
    found = open_bracket(reading, line, column)
    if found is None:
        return None
    closed = found.closed_line
    if not _reads(closed):
        mended = trap(closed)
        closed = mended.line if mended and mended.message == IN_BRACES and _reads(mended.line) else ""
    return found.line, Trap(found.column, phrase("issue.yaml.opens_here", open=found.sign), closed)


def _before_the_end(lines: list[str], error: TreeError) -> tuple[int, int]:
    """Line and column of an error; the end of the last text where it was met behind everything."""
    written = next((number for number in range(len(lines), 0, -1) if lines[number - 1].strip()), 1)
    return (error.line, error.column) if error.line <= written else (written, len(lines[written - 1].rstrip()) + 1)


def _reads(line: str) -> bool:
    """Whether a line that shall be pasted is YAML by itself; braces may go on behind it, or hold more than was seen."""
    try:
        read_tree(line.strip().removesuffix(","))
    except TreeError:
        return False
    return True


def _named(root: Node, problems: dict[int, Problem]) -> list[Problem]:
    """The same problems with their place in the data, which is known once the file could be read."""
    paths = {node.line: tidy(path) for path, node in root.values() if isinstance(node.content, str)}
    return [replace(problem, path=paths.get(line, "")) for line, problem in problems.items()]


def _lost_texts(file: str, lines: list[str], root: Node, known: set[int]) -> list[Problem]:
    """Values that a ` #` has silently cut short."""
    problems = []
    for path, node in root.values():
        if not node.plain or node.end_line in known or node.end_line > len(lines):
            continue
        line = lines[node.end_line - 1]
        if lost := lost_comment(line[node.end_column - 1 :]):
            column = line.index(lost, node.end_column - 1) + 1
            message = phrase("issue.yaml.comment_loses_this", lost=shortened(lost, 60))
            cause = trap(line)
            hint = cause.hint if cause else phrase("issue.yaml.quote_the_whole")
            problems.append(problem_at(file, lines, node.end_line, column, message, path, hint))
    return problems


def _lost_colons(file: str, lines: list[str], root: Node) -> list[Problem]:
    """Keys in which the colon and the value have gone: `{label：비율}`."""
    problems = []
    for path, node in root.values():
        for key, entry in node.content.items() if isinstance(node.content, dict) else ():
            found = no_key(key)
            if found is None or not entry.key.plain:
                continue
            line = lines[entry.key.line - 1]
            start = entry.key.column - 1
            rest = line[entry.key.end_column - 1 :] if entry.key.line == entry.key.end_line else ""
            hint = replace(found, line=line[:start] + found.line + rest).hint
            column = start + found.column
            problems.append(problem_at(file, lines, entry.key.line, column, found.message, (*path, key), hint))
    return problems


def _lost_lines(file: str, lines: list[str], reading: list[str], root: Node) -> Iterator[Problem]:
    """Texts that end before a line of theirs which begins with `#`."""
    for number, cause in deep_first_lines(reading, root):
        yield problem_at(file, lines, number, cause.column, cause.message, hint=cause.hint)


def _torn_numbers(file: str, lines: list[str], root: Node) -> Iterator[Problem]:
    message = phrase("issue.yaml.comma_tears_number")
    for torn in torn_numbers(lines, root):
        yield problem_at(file, lines, torn.line, torn.column, message, torn.path, torn.hint)
