"""Text of an issue file -> its tree and everything that is wrong with its YAML, several at once. Touches: nothing.

A line that is no YAML is told together with the line that would be, put in its place, and the reading begins anew, so
that one forgotten pair of quotes does not hide the next.
"""

from dataclasses import replace

from newsletter.catalogue import phrase
from newsletter.errors import Problem
from newsletter.excerpt import shortened
from newsletter.settings.explain import tidy

from .places import problem_at
from .traps import IN_BRACES, diagnose, lost_comment, trap
from .tree import Node, TreeError, read_tree

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
            number, problem, instead = _explain(file, lines, reading, error)
            repairable = instead and number not in problems and sum(map(len, lines)) < LARGEST_REPAIRED
            problems.setdefault(number, problem)
            if not repairable:
                break
            reading[number - 1] = instead
        else:
            others = [problem_at(file, lines, flaw.line, flaw.column, flaw.message, flaw.path) for flaw in flaws]
            return root, [*_named(root, problems), *others, *_lost_texts(file, lines, root, set(problems))]
    return None, list(problems.values())


def _explain(file: str, lines: list[str], reading: list[str], error: TreeError) -> tuple[int, Problem, str]:
    """The line that is to blame, what to say about it, and the line to read instead, if there is one."""
    found = None if error.final else diagnose(reading, error.line, error.related)
    if found is None:
        return error.line, problem_at(file, lines, *_before_the_end(lines, error), error.message), ""
    number, cause = found
    if cause.message == IN_BRACES and not _reads(cause.line):
        cause = replace(cause, line="")
    return number, problem_at(file, lines, number, cause.column, cause.message, hint=cause.hint), cause.line


def _before_the_end(lines: list[str], error: TreeError) -> tuple[int, int]:
    """Line and column of an error; the end of the last text where it was met behind everything."""
    written = next((number for number in range(len(lines), 0, -1) if lines[number - 1].strip()), 1)
    return (error.line, error.column) if error.line <= written else (written, len(lines[written - 1].rstrip()) + 1)


def _reads(line: str) -> bool:
    """Whether a line that shall be pasted is YAML by itself; braces may go on behind it, or hold more than was seen."""
    try:
        read_tree(line.strip())
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
