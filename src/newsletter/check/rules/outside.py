"""What only a look outside tells: link-status (`check --links`) and spam-score (`check --spam`).

Touches: nothing; without those options nobody has looked, and these rules have nothing to say.
"""

from collections.abc import Iterator

from newsletter.check.material import Material
from newsletter.check.outside import Answer, LinkAnswer, address_of
from newsletter.check.rule import Found, warning

_SPAM_FROM = 2.0
"""Points. SpamAssassin calls a mail spam from 5 on, and receivers add what they know of the sender."""
_TESTS_NAMED = 8
_SAID = {
    Answer.GONE: ("그런 페이지가 없다고 합니다({status})", "there is no such page ({status})"),
    Answer.FAILING: ("사이트가 오류로 답합니다({status})", "the site answers with an error ({status})"),
    Answer.NO_HOST: ("그런 이름의 호스트가 없습니다", "there is no host of that name"),
    Answer.NOBODY: ("그 호스트에서 아무도 답하지 않습니다", "nobody answers at that host"),
    Answer.SILENT: ("기다려도 답이 없습니다", "there is no answer in time"),
    Answer.CUT: ("답하기 전에 연결이 끊깁니다", "the connection breaks off before there is an answer"),
    Answer.NO_TLS: ("보안 연결(TLS)이 되지 않습니다: {detail}", "there is no secure connection (TLS): {detail}"),
    Answer.NO_HTTP: ("웹 서버답지 않은 답이 옵니다", "what answers is no web server"),
    Answer.LOOP: ("다른 주소로 끝없이 돌려보냅니다", "it redirects without an end"),
    Answer.UNREADABLE: ("열 수 있는 주소가 아닙니다", "this is no address that can be opened"),
    Answer.INSIDE: (
        "내부 네트워크의 주소라 독자가 열 수 없습니다(방문하지 않았습니다)",
        "it leads into an inner network, where readers cannot follow (it was not visited)",
    ),
    Answer.REFUSED: (
        "확인할 수 없습니다. 사이트가 프로그램의 방문을 거절합니다({status}). 고장 났다는 뜻은 아닙니다",
        "cannot tell: the site refuses a program ({status}), which does not mean that it is broken",
    ),
    Answer.NOT_VISITED: (
        "확인할 수 없습니다. 링크 전체에 주어진 시간이 다 되었습니다",
        "cannot tell: the time for all links together was over",
    ),
}
_LOOK = ("브라우저에서 직접 열어 확인하세요.", "Open it yourself.")
_HINTS = {
    Answer.REFUSED: _LOOK,
    Answer.NOT_VISITED: _LOOK,
    Answer.INSIDE: ("누구나 열 수 있는 주소로 바꾸세요.", "Link to an address that everybody reaches."),
}
"""Where the rule's own hint does not fit."""


@warning("link-status")
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
            if said := _said(answer):
                (ko, en), (ko_hint, en_hint) = said
                # Without the words of the link, which differ by language: one address is one finding.
                yield Found(
                    ko=f"링크 {address}: {ko}.",
                    en=f"The link {address}: {en}.",
                    ko_hint=ko_hint,
                    en_hint=en_hint,
                    tag=tag,
                    sheet=sheet,
                )


@warning("spam-score")
def spam_score(material: Material) -> Iterator[Found]:
    """What a filter with public rules dislikes, others will, too."""
    report = material.outside.spam
    if report is None or report.points < _SPAM_FROM:
        return
    hits = [test for test in report.tests if test.points > 0][:_TESTS_NAMED]
    points = ": " + ", ".join(f"{test.name} {test.points:g}" for test in hits) if hits else ""
    words = "; ".join(f"{test.name}: {test.words}" for test in hits)
    yield Found(
        ko=f"SpamAssassin 점수가 {report.points:.1f}점입니다(5점부터 스팸){points}.",
        en=f"SpamAssassin gives it {report.points:.1f} points (spam from 5 on){points}.",
        ko_hint=f"점수를 준 검사가 무엇을 보았는지 읽고 그 부분을 고치세요. {words}",
        en_hint=f"Mend what the tests that gave points have seen. {words}",
    )


def _said(answer: LinkAnswer) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """What there is to say in both languages, and the hint; nothing of a link that is fine."""
    if answer.answer is Answer.FINE:
        if not answer.moved_to:
            return None
        moved = answer.moved_to
        return (
            (f"{moved} 주소로 영구히 옮겨 갔습니다", f"it has moved to {moved} for good"),
            (f"새 주소를 적으세요: {moved}", f"Write the new address: {moved}"),
        )
    ko, en = (text.format(status=answer.status, detail=answer.detail) for text in _SAID[answer.answer])
    return (ko, en), _HINTS.get(answer.answer, ("", ""))
