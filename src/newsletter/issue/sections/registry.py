"""Which types of sections there are. Touches: the types' own words.

A type is two files of this folder: `gallery.py`, its model, and beside it `gallery.toml`, what editors are told of its
keys and what `newsletter new` begins with. Whoever looks through an issue goes by the models
(docs/adding-a-section-type.md). Limits: closed, since each type has to be shown: newsletter/edition/sections.
"""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import Field

from newsletter.catalogue import LANGUAGES, entries, table
from newsletter.issue.part import Part

from .briefs import Briefs
from .callout import Callout
from .chart import Chart
from .divider import Divider
from .events import Events
from .feedback import Feedback
from .figures import Figures
from .gallery import Gallery
from .jobs import Jobs
from .notice import Notice
from .people import People
from .quote import Quote
from .section import Section
from .sponsor import Sponsor
from .story import Story
from .table import DataTable

SectionType = (
    Story
    | Figures
    | Quote
    | Events
    | Notice
    | Briefs
    | People
    | Jobs
    | Callout
    | Divider
    | Feedback
    | Gallery
    | Sponsor
    | DataTable
    | Chart
)
AnySection = Annotated[SectionType, Field(discriminator="type")]
SECTION_TYPES: Mapping[str, type[Section]] = {
    get_args(model.model_fields["type"].annotation)[0]: model for model in get_args(SectionType)
}
"""By the word in the file, in the order in which a person is told of them."""
RESERVED_TYPES = frozenset({"columns"})
"""Words that a later version will give a meaning to, so that no letter takes them for its own now."""


def model_of(models: tuple[type[Part], ...], type_: object) -> type[Part] | None:
    """Which of the models that a key may hold is meant: the only one, or that of a section of that `type`."""
    if len(models) == 1:
        return models[0]
    return next((model for model in models if type_ in [type_of(one) for one in model.translated_models()]), None)


def type_of(model: type[Part]) -> str:
    """The word in the file for a type of section; empty for what is none."""
    words = get_args(model.model_fields["type"].annotation) if issubclass(model, Section) else ()
    return words[0] if words else ""


def schema_words(model: type[Section]) -> Mapping[str, Any]:
    """What editors are told of a type: for its class and those of its parts, key by key."""
    return {name: words for name, words in table(*_file(model)).items() if name not in {"name", "starter"}}


def type_name(model: type[Section], language: str) -> str:
    """What a type is called."""
    return _words(model, "name", language)


def type_called(name: str) -> str:
    """The type that people call so in one of the languages, `단신`; empty where there is none."""
    named = ((word, type_name(model, language)) for word, model in SECTION_TYPES.items() for language in LANGUAGES)
    return next((word for word, said in named if said == name), "")


def starter(model: type[Section], language: str) -> str:
    """The part of a new issue that shows a type, or that shows it in a comment; `@EVENT@` is a time to come."""
    return _words(model, "starter", language).strip("\n")


def _words(model: type[Section], key: str, language: str) -> str:
    words = entries(*_file(model)).get(key)
    if words is None:
        raise KeyError(f"{model.__module__.replace('.', '/')}.toml has no {key} in both languages")
    return words[language]


def _file(model: type[Section]) -> tuple[str, str]:
    return __package__, model.__module__.rpartition(".")[2] + ".toml"
