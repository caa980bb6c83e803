"""What a template asks for and does not get, in the words of who writes templates. Touches: nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from jinja2 import StrictUndefined
from jinja2.utils import missing

from newsletter.excerpt import suggestion

from .views import SectionView


def undefined_in(context: Mapping[str, Any]) -> type[StrictUndefined]:
    """The class that stands for unknown names in templates that are given `context`."""

    class Unknown(StrictUndefined):
        @property
        def _undefined_message(self) -> str:
            if self._undefined_hint:
                return self._undefined_hint
            name = str(self._undefined_name)
            if self._undefined_obj is missing:
                return _instead(f"there is no `{name}`", name, context, "templates know")
            return _not_in(self._undefined_obj, name, context)

    return Unknown


def _not_in(value: object, name: str, context: Mapping[str, Any]) -> str:
    if value is None:
        return f"`{name}` of something that this letter does not have; ask first, as in {{% if hero %}}"
    known: Iterable[str] = ()
    if is_dataclass(value):
        known = [field.name for field in fields(value)]
    elif isinstance(value, Mapping):
        known = [str(key) for key in value]
    return _instead(f"{_called(value, context)} has no `{name}`", name, known, "it has")


def _called(value: object, context: Mapping[str, Any]) -> str:
    """A value as a template calls it: `letter`; or what it is, for one of many."""
    name = next((name for name, known in context.items() if known is value), "")
    if name:
        return f"`{name}`"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, tuple | list):
        return "a list"
    if isinstance(value, SectionView):
        return "this section"
    return f"this {type(value).__name__.removesuffix('View').lower()}"


def _instead(message: str, name: str, known: Iterable[str], there: str) -> str:
    names = sorted(known)
    help_ = suggestion(name, names) or (f"{there} {', '.join(names)}" if names else "")
    return f"{message}; {help_}" if help_ else message
