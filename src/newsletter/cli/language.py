"""In which language a person is answered: --lang, NEWSLETTER_LANG, the newsletter's own, the locale, English.

Touches: nothing; the environment comes in as an argument.
"""

from collections.abc import Iterable, Mapping

from newsletter.catalogue import LANGUAGES, language_of_tag, phrase
from newsletter.errors import UsageError

OPTION = "--lang"
VARIABLE = "NEWSLETTER_LANG"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is not empty counts (POSIX, 8.2 Internationalization Variables)."""


def first_known(tags: Iterable[str | None]) -> str | None:
    """The first of the tags that we speak."""
    return next((language for tag in tags if (language := language_of_tag(tag or ""))), None)


def language_of_locale(environ: Mapping[str, str]) -> str:
    """What the terminal's user reads, as far as we speak it; otherwise English."""
    locale = next((value for name in _LOCALE if (value := environ.get(name))), "")
    return language_of_tag(locale) or "en"


def chosen_language(option: str | None, environ: Mapping[str, str]) -> str | None:
    """What somebody asked for; None where nobody did, UsageError (64) where it is none that we speak."""
    for name, tag in ((OPTION, option), (VARIABLE, environ.get(VARIABLE) or None)):
        if tag is not None:
            language = language_of_tag(tag)
            if language is None:
                raise UsageError(phrase("cli.language.unknown", name=name, tag=tag, known=LANGUAGES))
            return language
    return None
