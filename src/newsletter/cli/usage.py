"""What is wrong with the words of a command line, from the errors of the library that parses them. Touches: nothing.

The library's classes are known here by their names alone, since they stand in a private module of it; one that is not
in the table is told in the library's own, English words.
"""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from typer import TyperException as CommandLineError

from newsletter.catalogue import SILENCE, Said, Verbatim, lines, phrase
from newsletter.errors import UsageError


def as_usage_error(error: CommandLineError, context: Any = None) -> UsageError:  # noqa: ANN401 - as in look_at_help
    """The same, told by us (64).

    `context` is that of the command whose words they are, where the error does not know it.
    """
    context = getattr(error, "ctx", None) or context
    words = _TOLD.get(type(error).__name__, _as_it_stands)(error)
    return UsageError(words, hint=look_at_help(context))


def is_help(error: CommandLineError) -> bool:
    """Whether it is the help itself, for who typed nothing."""
    return type(error).__name__ == "NoArgsIsHelpError"


def look_at_help(context: Any) -> Said:  # noqa: ANN401 - a context of the library, or None
    """Where it says what can be typed."""
    return phrase("cli.usage.look_at_help", command=context.command_path if context else "newsletter")


def no_such_command(name: str, known: Iterable[str]) -> Said:
    """With the name that was probably meant."""
    near = get_close_matches(name, list(known), n=1)
    if near:
        return phrase("cli.usage.no_such_command_but", name=name, near=f"`{near[0]}`")
    return phrase("cli.usage.no_such_command", name=name)


def _no_such_option(error: Any) -> Said:  # noqa: ANN401 - what its class has
    name, near = error.option_name, error.possibilities
    if near:
        return phrase("cli.usage.no_such_option_but", name=name, near=tuple(f"`{one}`" for one in sorted(near)))
    return phrase("cli.usage.no_such_option", name=name)


def _bad_option_usage(error: Any) -> Said:  # noqa: ANN401 - what its class has
    """There are two: an option without the value it needs, and a switch with one."""
    if "does not take" in error.message:
        return phrase("cli.usage.takes_no_value", name=error.option_name)
    return phrase("cli.usage.needs_value", name=error.option_name)


def _missing(error: Any) -> Said:  # noqa: ANN401 - what its class has
    return phrase("cli.usage.missing", name=_name_of(error.param))


def _bad_value(error: Any) -> Said:  # noqa: ANN401 - what its class has
    from pydantic import ValidationError

    from newsletter.settings.explain import explain

    why: Said = Verbatim(error.message)
    kind = getattr(error.param, "type_descriptor", None)
    if choices := getattr(kind, "choices", None):
        return phrase("cli.usage.not_one_of", name=_name_of(error.param), known=tuple(map(str, choices)))
    if isinstance(error.__cause__, ValidationError):
        why = explain(error.__cause__.errors(include_url=False)[0])
    return phrase("cli.usage.bad_value", name=_name_of(error.param), why=why)


def _name_of(parameter: Any) -> str:  # noqa: ANN401 - an option or an argument of the library
    """As it is typed: `--first`, `ISSUE`."""
    if parameter.param_type_name == "option":
        return " / ".join(parameter.opts)
    return str(parameter.metavar or parameter.name)


def _as_it_stands(error: Any) -> Said:  # noqa: ANN401 - any error of the library
    words = error.format_message()
    if words == "Missing command.":
        return phrase("cli.usage.no_command")
    return lines(phrase("cli.usage.not_understood"), Verbatim(words)) if words else SILENCE


_TOLD: dict[str, Callable[[Any], Said]] = {
    "NoSuchOption": _no_such_option,
    "BadOptionUsage": _bad_option_usage,
    "MissingParameter": _missing,
    "BadParameter": _bad_value,
}
