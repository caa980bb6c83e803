"""What nobody else is to see: csv-tracked, feedback-personal. Touches: nothing.

Whoever counts the subscribers has asked git.
"""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.audience import Keeping
from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning
from newsletter.issue.fields import fields_in
from newsletter.issue.sections.feedback import Answer
from newsletter.issue.translated_parts import PartWords


@warning(
    "csv-tracked",
    "개인정보 보호법 제29조 https://www.law.go.kr/법령/개인정보보호법/제29조, gitignore https://git-scm.com/docs/gitignore",
)
def csv_tracked(material: Material) -> Iterator[Found]:
    """Addresses that were committed once stay in the history, for everybody who ever gets a copy of it."""
    file = material.audience.file
    if material.audience.keeping is Keeping.TRACKED:
        yield Found(
            phrase("check.secrecy.csv-tracked.tracked"),
            hint=phrase("check.secrecy.csv-tracked.tracked_hint", file=file),
            file=file,
        )
    elif material.audience.keeping is Keeping.OPEN:
        yield Found(
            phrase("check.secrecy.csv-tracked.open"),
            hint=phrase("check.secrecy.csv-tracked.open_hint", file=file),
            file=file,
        )


@error("feedback-personal", "docs/issue-file.md#types-of-sections")
def feedback_personal(material: Material) -> Iterator[Found]:
    """An address that is another one for each reader tells whoever has it how that reader answered."""
    for path, part in material.issue.parts():
        is_answer = isinstance(part, Answer) or (isinstance(part, PartWords) and Answer in part.translates)
        url = str(getattr(part, "url", "") or "") if is_answer else ""
        if fields := fields_in(url):
            says = phrase("check.secrecy.feedback-personal.found", field=f"{{{{ subscriber.{fields[0].key} }}}}")
            yield Found(says, path=(*path, "url"))


RULES = (
    csv_tracked,
    feedback_personal,
)
