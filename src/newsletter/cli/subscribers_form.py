"""`newsletter subscribers form`: a form to sign up for another site. Touches: what the pages touch."""

import typer

from .session import Session


def subscribers_form(context: typer.Context) -> None:
    """Print a form to sign up, as HTML without script, to put into a page of any site.

    It leads to /subscribe of `newsletter serve`, at [links] pages_url; its words are in the language of --lang.
    """
    from newsletter.catalogue import phrase
    from newsletter.errors import SettingsError
    from newsletter.web.page_templates import Publisher
    from newsletter.web.subscribers.snippet import form_snippet

    session: Session = context.obj
    settings = session.workspace.settings
    if not settings.links.pages_url:
        raise SettingsError(phrase("cli.subscribers.form_needs_address"))
    language = session.chosen_language or settings.newsletter.language
    session.tell(form_snippet(Publisher.of(settings, language), settings.links.pages_url).rstrip())
