"""What a reader reads first: lead-sentence. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.greetings import greeting_at_start
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.excerpt import shortened

_MOST = 60
"""Characters of greeting before the news: a line on a computer, three on a phone."""


@warning("lead-sentence", "Nielsen Norman Group https://www.nngroup.com/articles/inverted-pyramid/")
def lead_sentence(material: Material) -> Iterator[Found]:
    """A short greeting before the news is good manners; an introduction that only greets tells nothing."""
    issue, own = material.issue, material.settings
    if issue.summary or not issue.sections:
        return  # the summary is the news; without sections the introduction is the letter
    names = {own.newsletter.name, own.sender_name, own.institute.name}
    for one in issue.texts():
        if one.path[-1:] == ("intro",):
            greeting, rest = greeting_at_start(one.text, names)
            if greeting and not rest:
                says = phrase("check.lead.lead-sentence.only_greets", words=shortened(greeting, 40))
            elif len(greeting) > _MOST:
                says = phrase("check.lead.lead-sentence.greets_long", count=len(greeting), words=shortened(rest, 40))
            else:
                continue
            yield Found(says, path=one.path)


RULES = (lead_sentence,)
