"""Who writes: footer-identity, no-reply-notice. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import known_language
from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, error
from newsletter.edition.letter_words import words


@error("footer-identity")
def footer_identity(material: Material) -> Iterator[Found]:
    """A reader, and the law, want to know who writes and how to reach them: in both parts."""
    institute = material.settings.institute
    wanted = [institute.name, institute.postal_address, *(phone.number for phone in institute.phones)]
    for sheet in material.sheets:
        for text in filter(None, [*wanted, institute.copyright]):
            if not _in_both(sheet, text):
                yield Found(
                    ko=f"편지 아래에 ‘{text}’가 없습니다.",
                    en=f"The footer does not show “{text}”.",
                )
    if material.issue.advertising and not (institute.postal_address and institute.phones):
        yield Found(
            ko="광고에는 보내는 곳의 주소와 전화번호가 있어야 합니다.",
            en="Advertising: Korean law wants the sender's postal address and phone number.",
            ko_hint="newsletter.toml의 [institute]에 postal_address와 phones를 적으세요.",
            en_hint="Set postal_address and phones under [institute] in newsletter.toml.",
        )


@error("no-reply-notice")
def no_reply_notice(material: Material) -> Iterator[Found]:
    """Where nobody reads answers, the letter says so."""
    if material.settings.sender.reply_to:
        return
    for sheet in material.sheets:
        language = known_language(sheet.edition.language, material.language)
        notice = material.settings.institute.no_reply_notice or words(language)["no_reply"]
        if not _in_both(sheet, notice):
            yield Found(
                ko="회신할 수 없다는 안내가 편지에 없습니다.",
                en="The letter does not say that it cannot be answered.",
                ko_hint="안내를 두거나, [sender] reply_to에 회신 받을 주소를 적으세요.",
                en_hint="Show the notice, or set [sender] reply_to to an address that is read.",
            )


def _in_both(sheet: Sheet, text: str) -> bool:
    # Without spaces: the text part is wrapped at 72 columns, and tags stand between words.
    wanted = "".join(text.split())
    return all(wanted in "".join(part.split()) for part in (sheet.page.words, sheet.edition.text))
