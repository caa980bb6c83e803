"""What nobody else is to see: csv-tracked. Touches: nothing; whoever counts the subscribers has asked git."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.audience import Keeping
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning


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


RULES = (csv_tracked,)
