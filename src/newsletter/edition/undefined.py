"""What a template asks for and does not get, in the words of who writes templates. Touches: nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from jinja2 import StrictUndefined, UndefinedError
from jinja2.utils import missing

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.excerpt import suggestion

from .views import FieldsView, SectionView


class _SaidText(str):
    """What Jinja carries from the unknown name to its error: English text, and with it what is said."""

    __slots__ = ("said",)
    said: Said

    @classmethod
    def of(cls, said: Said) -> "_SaidText":
        text = cls(said)
        text.said = said
        return text


def said_of(error: UndefinedError) -> Said:
    """What is wrong with the name that an error is about."""
    message = error.args[0] if error.args else ""
    return message.said if isinstance(message, _SaidText) else Verbatim(str(error))


def undefined_in(context: Mapping[str, Any]) -> type[StrictUndefined]:
    """The class that stands for unknown names in templates that are given `context`."""

    class Unknown(StrictUndefined):
        @property
        def _undefined_message(self) -> str:
            if self._undefined_hint:
                return self._undefined_hint
            name = str(self._undefined_name)
            if self._undefined_obj is missing:
                return _SaidText.of(_no_such_name(name, context))
            return _SaidText.of(_not_in(self._undefined_obj, name, context))

    return Unknown


def _no_such_name(name: str, context: Mapping[str, Any]) -> Said:
    known = sorted(context)
    if near := suggestion(name, known):
        return phrase("edition.template.no_such_name_near", name=name, near=near)
    return phrase("edition.template.no_such_name", name=name, known=tuple(known))


def _not_in(value: object, name: str, context: Mapping[str, Any]) -> Said:
    if value is None:
        return phrase("edition.template.is_of_what_is_not_there", name=name)
    known: Iterable[str] = ()
    if is_dataclass(value):
        known = [field.name for field in fields(value)]
    elif isinstance(value, FieldsView):
        known = value.names
    elif isinstance(value, Mapping):
        known = [str(key) for key in value]
    names, called = sorted(known), _called(value, context)
    if near := suggestion(name, names):
        return phrase("edition.template.has_no_such_part_near", value=called, name=name, near=near)
    if names:
        return phrase("edition.template.has_no_such_part", value=called, name=name, known=tuple(names))
    return phrase("edition.template.has_no_parts", value=called, name=name)


def _called(value: object, context: Mapping[str, Any]) -> Said:
    """A value as a template calls it: `letter`; or what it is, for one of many."""
    name = next((name for name, known in context.items() if known is value), "")
    if name:
        return Verbatim(f"`{name}`")
    if isinstance(value, str):
        return phrase("edition.template.a_text")
    if isinstance(value, tuple | list):
        return phrase("edition.template.a_list")
    if isinstance(value, FieldsView):
        return phrase("edition.template.one_of_many", kind="entry")
    if isinstance(value, SectionView):
        return phrase("edition.template.one_of_many", kind="section")
    return phrase("edition.template.one_of_many", kind=type(value).__name__.removesuffix("View").lower())
