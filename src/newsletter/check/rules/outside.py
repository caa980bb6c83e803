"""What only a look outside tells: link-status (`check --links`) and spam-score (`check --spam`).

Touches: nothing; without those options nobody has looked, and these rules have nothing to say.
"""

from collections.abc import Iterator

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.check.material import Material
from newsletter.check.outside import LinkAnswer, SpamReport, VisitResult, address_of
from newsletter.check.rule import Found, warning

_SPAM_FROM = 2.0
"""Points. SpamAssassin calls a mail spam from 5 on, and receivers add what they know of the sender."""
_TESTS_NAMED = 8
_SAYS = {
    VisitResult.NO_HOST: phrase("check.outside.link-status.no_host"),
    VisitResult.NOBODY: phrase("check.outside.link-status.nobody"),
    VisitResult.SILENT: phrase("check.outside.link-status.silent"),
    VisitResult.CUT: phrase("check.outside.link-status.cut"),
    VisitResult.NO_HTTP: phrase("check.outside.link-status.no_http"),
    VisitResult.LOOP: phrase("check.outside.link-status.loop"),
    VisitResult.UNREADABLE: phrase("check.outside.link-status.unreadable"),
    VisitResult.INSIDE: phrase("check.outside.link-status.inside"),
    VisitResult.NOT_VISITED: phrase("check.outside.link-status.not_visited"),
}
_HINTS = {
    VisitResult.REFUSED: phrase("check.outside.link-status.unsure_hint"),
    VisitResult.NOT_VISITED: phrase("check.outside.link-status.unsure_hint"),
    VisitResult.INSIDE: phrase("check.outside.link-status.inside_hint"),
}
"""Where the rule's own hint does not fit."""


@warning("link-status", "RFC 9110, 15 https://www.rfc-editor.org/rfc/rfc9110#section-15")
def link_status(material: Material) -> Iterator[Found]:
    """A reader who clicks and finds nothing does not click again."""
    answers = material.outside.links or {}
    for sheet in material.sheets:
        told = set()
        for tag in sheet.page.named("a"):
            address = address_of(tag.get("href"))
            answer = answers.get(address)
            if answer is None or address in told:
                continue
            told.add(address)
            if answer.answer is not VisitResult.FINE or answer.moved_to:
                # Without the words of the link, which differ by language: one address is one finding.
                says = phrase("check.outside.link-status.found", address=address, answer=_answer(answer))
                yield Found(says, hint=_hint(answer), tag=tag, sheet=sheet)


@warning("spam-score", "https://spamassassin.apache.org/tests.html")
def spam_score(material: Material) -> Iterator[Found]:
    """What a filter with public rules dislikes, others will, too."""
    judged: dict[SpamReport, list[str]] = {}
    for variant, report in (material.outside.spam or {}).items():
        if report.points >= _SPAM_FROM:
            judged.setdefault(report, []).append(variant)
    for report, variants in judged.items():
        yield _spam(report, tuple(variants))


def _spam(report: SpamReport, variants: tuple[str, ...]) -> Found:
    hits = [test for test in report.tests if test.points > 0][:_TESTS_NAMED]
    points = f"{report.points:.1f}"
    if not hits:
        return Found(phrase("check.outside.spam-score.found", points=points, editions=variants))
    tests = tuple(f"{test.name} {test.points:g}" for test in hits)
    words = "; ".join(f"{test.name}: {test.words}" for test in hits)
    return Found(
        phrase("check.outside.spam-score.by_tests", points=points, editions=variants, tests=tests),
        hint=phrase("check.outside.spam-score.by_tests_hint", tests=words),
    )


def _answer(answer: LinkAnswer) -> Said:
    """What is wrong with the link, to stand behind its address."""
    match answer.answer:
        case VisitResult.FINE:
            return phrase("check.outside.link-status.moved", address=answer.moved_to)
        case VisitResult.GONE:
            return phrase("check.outside.link-status.gone", status=answer.status)
        case VisitResult.FAILING:
            return phrase("check.outside.link-status.failing", status=answer.status)
        case VisitResult.REFUSED:
            return phrase("check.outside.link-status.refused", status=answer.status)
        case VisitResult.NO_TLS:
            return phrase("check.outside.link-status.no_tls", detail=answer.detail)
        case other:
            return _SAYS[other]


def _hint(answer: LinkAnswer) -> Said:
    if answer.answer is VisitResult.FINE:
        return phrase("check.outside.link-status.moved_hint", address=answer.moved_to)
    return _HINTS.get(answer.answer, SILENCE)


RULES = (
    link_status,
    spam_score,
)
