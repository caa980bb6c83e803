"""What editors are told of a workspace's own types of sections, as the words of a built-in type. Touches: nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.catalogue import LANGUAGES

from .own_declaration import FieldDeclaration, SectionDeclaration, said_in
from .sections.own import OwnSection

_EXAMPLES: Mapping[str, Any] = {
    "line": "한 줄로 적은 글",
    "name": "홍길동",
    "markdown": "문단으로 적은 **글**",
    "markdown_line": "**한 줄**로 적은 글",
    "link": "https://example.org/",
    "image": {"src": "assets/walk.png", "alt": "함께 걷는 사람들"},
    "time": "2026-12-15T14:00",
    "number": 7,
    "flag": True,
}


def own_schema_words(model: type[OwnSection]) -> Mapping[str, Mapping[str, Any]]:
    """For the section and each list in it, key by key, in the shape of `registry.schema_words`."""
    return dict(_words(model.__name__, model.declaration, model.declared))


def _words(
    name: str, whole: SectionDeclaration | FieldDeclaration, declared: Mapping[str, FieldDeclaration]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    title = whole.title if isinstance(whole, SectionDeclaration) else whole.label
    words = {"_": _told(name, title, whole.about)}
    for key, field in declared.items():
        words[key] = _told(key, field.label, field.about) | {"examples": [_example(field)]}
        if field.fields:
            yield from _words(f"{name}__{key}", field, field.fields)
    yield name, words


def _told(name: str, title: Mapping[str, str], about: Mapping[str, str]) -> dict[str, Any]:
    described = {language: said_in(about or title, language, name) for language in LANGUAGES}
    helped = {language: said_in(about, language) for language in LANGUAGES}
    titles = {"title": said_in(title, "en", name), "title_ko": said_in(title, "ko", name)}
    return titles | described | {"help": helped}


def _example(field: FieldDeclaration) -> object:
    if not field.fields:
        return _EXAMPLES[field.type]
    return [{name: _example(one) for name, one in field.fields.items()}]
