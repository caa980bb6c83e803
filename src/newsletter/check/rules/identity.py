"""Who writes: footer-identity, no-reply-notice. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, error


@error(
    "footer-identity",
    "정보통신망법 제50조 제4항 https://www.law.go.kr/법령/정보통신망이용촉진및정보보호등에관한법률/제50조",
)
def footer_identity(material: Material) -> Iterator[Found]:
    """A reader, and the law, want to know who writes and how to reach them: in both parts."""
    institute = material.settings.institute
    wanted = [institute.name, institute.postal_address, *(phone.number for phone in institute.phones)]
    for sheet in material.sheets:
        for text in filter(None, [*wanted, institute.copyright]):
            if not _in_both(sheet, text):
                yield Found(phrase("check.identity.footer-identity.not_shown", text=text))
    if material.issue.advertising and not (institute.postal_address and institute.phones):
        yield Found(
            phrase("check.identity.footer-identity.advertising"),
            hint=phrase("check.identity.footer-identity.advertising_hint"),
        )


@error("no-reply-notice", "RFC 5322, 3.6.2 https://www.rfc-editor.org/rfc/rfc5322#section-3.6.2")
def no_reply_notice(material: Material) -> Iterator[Found]:
    """Where nobody reads answers, the letter says so."""
    if material.settings.sender.reply_to:
        return
    for sheet in material.sheets:
        notice = material.settings.institute.no_reply_notice or material.chrome(sheet).say("no_reply")
        if not _in_both(sheet, notice):
            yield Found(phrase("check.identity.no-reply-notice.found"))


def _in_both(sheet: Sheet, text: str) -> bool:
    # Without spaces: the text part is wrapped at 72 columns, and tags stand between words.
    wanted = "".join(text.split())
    return all(wanted in "".join(part.split()) for part in (sheet.page.words, sheet.edition.text))


RULES = (
    footer_identity,
    no_reply_notice,
)
