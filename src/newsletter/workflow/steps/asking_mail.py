"""The mail that asks somebody to confirm that they want the newsletter, made once in each language of the pages.

It is a letter like any other, of words of ours, so that it has the newsletter's look, its footer and a text part. What
a visitor typed is nowhere in it. Touches: files (templates, the logo).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsletter.catalogue import LANGUAGES, phrase, spoken_language
from newsletter.edition.edition import Variant
from newsletter.edition.letter_words import built_in_words
from newsletter.edition.render import render
from newsletter.issue.model import Issue
from newsletter.issue.texts import FileContext
from newsletter.ledger.sign_ups import ToAsk
from newsletter.message.message import Message
from newsletter.message.service_mail import ServiceMail
from newsletter.settings.workspace import Workspace

from .keys import signer_of
from .sign_up_tokens import SignUpTokens

_SLUG = "confirm"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
"""All of ASCII's, each of which Markdown takes for itself behind a backslash."""
_LINK, _ASKED, _PLACE, _UNTIL = (f"{{{{ subscriber.fields.{name} }}}}" for name in ("link", "asked", "place", "until"))


class AskingMail:
    """Makes the mails; what they have in common is made with the first."""

    def __init__(self, workspace: Workspace, tokens: SignUpTokens, address: str) -> None:
        """`address` is that of the pages, without a trailing slash."""
        self._workspace = workspace
        self._tokens = tokens
        self._address = address
        self._zone = ZoneInfo(workspace.settings.newsletter.timezone)
        self._valid = workspace.settings.subscribe.confirm_within

    def message(self, waiting: ToAsk) -> Message:
        """To who asked.

        InputError (65) for a broken template or picture, SettingsError (78) where a key is gone that signs messages.
        """
        language = spoken_language(waiting.language)
        values = {
            "fields.link": f"{self._address}/confirm/{self._tokens.link(waiting.id, waiting.asked_at)}",
            "fields.place": urlsplit(waiting.place).netloc,
            "fields.asked": self._moment(waiting.asked_at, language),
            "fields.until": self._moment(waiting.asked_at + self._valid, language),
        }
        date = waiting.asked_at.astimezone(self._zone).replace(microsecond=0)
        return self._mails[language].message(waiting.address, waiting.key, values, f"{_SLUG}.{waiting.id}", date)

    @cached_property
    def _mails(self) -> Mapping[str, ServiceMail]:
        issue, settings, signer = _issue(self._workspace), self._workspace.settings, signer_of(self._workspace)
        mails = {}
        for language in LANGUAGES:
            why = _say("workflow.sign_up.mail.why", language, newsletter=settings.newsletter.name)
            edition = render(issue, self._workspace, Variant(language, (0,), 1), why=why)
            mails[language] = ServiceMail(edition.with_pictures_inside(), settings, signer)
        return mails

    def _moment(self, moment: datetime, language: str) -> str:
        return built_in_words(language).day_and_time(moment.astimezone(self._zone), whole_day=False)


def _issue(workspace: Workspace) -> Issue:
    """The words of the newsletter's language, with the other one as a translation."""
    own = workspace.settings.newsletter.language
    others = {language: _words(workspace, language) for language in LANGUAGES if language != own}
    typed: dict[str, Any] = _words(workspace, own)
    typed["sections"][0] |= {"type": "story", "numbered": False}
    typed["sections"][0]["buttons"][0]["url"] = _LINK
    context = FileContext(workspace.issues / f"{_SLUG}.yaml", ZoneInfo(workspace.settings.newsletter.timezone))
    return Issue.model_validate(typed | {"translations": others}, context=context)


def _words(workspace: Workspace, language: str) -> dict[str, Any]:
    newsletter, institute = workspace.settings.newsletter.name, workspace.settings.institute.name

    def line(code: str) -> str:
        return _say(code, language, newsletter=newsletter).replace("{{", '{{ "{{" }}')

    def prose(code: str, **values: str) -> str:
        named = {"newsletter": _plainly(newsletter), "institute": _plainly(institute)}
        return _say(code, language, **named, **values)

    body = [
        prose("workflow.sign_up.mail.asked", asked=_ASKED, place=_PLACE),
        prose("workflow.sign_up.mail.press"),
    ]
    below = [
        f"{prose('workflow.sign_up.mail.by_hand')} [{_LINK}]({_LINK})",
        prose("workflow.sign_up.mail.until", until=_UNTIL),
        prose("workflow.sign_up.mail.not_you", until=_UNTIL),
    ]
    return {
        "title": line("workflow.sign_up.mail.title"),
        "subject": line("workflow.sign_up.mail.subject"),
        "preheader": line("workflow.sign_up.mail.preheader"),
        "sections": [{"body": "\n\n".join(body), "buttons": [{"label": line("workflow.sign_up.mail.button")}]}],
        "closing": "\n\n".join(below),
    }


def _say(code: str, language: str, **values: str) -> str:
    return phrase(code, **values).in_language(language)


def _plainly(text: str) -> str:
    """A name that Markdown and merge fields leave alone."""
    return _PUNCTUATION.sub(r"\\\1", text)
