"""Letters with something wrong in their inbox row. Touches: nothing."""

from tests.check.cases import Broken, changed, issue, written

ENGLISH = 'translations:\n  en: {{ title: Growth, intro: Hello., subject: Growth in Seoul, preheader: "{}" }}\n'
LONG = "서울의 다음 산업을 정책연구로 살펴보고, 네 갈래로 나누어 소개합니다. " * 3

LETTERS = [
    Broken("subject-fold", "error", changed(lambda case: case.edition(subject="신성장\n동력"))),
    Broken("subject-fold", "error", changed(lambda case: case.edition(subject=" "))),
    Broken("subject-length", "warning", written(issue(subject="가" * 36))),
    Broken("subject-length", "warning", written(issue(title="아주 긴 제목 " * 6))),
    Broken("subject-fake-re", "warning", written(issue(subject='"RE: 신성장동력"'))),
    Broken("subject-fake-re", "warning", written(issue(subject='"전달: 신성장동력"'))),
    Broken("ad-prefix", "error", written(issue("advertising: true\n", subject='"[광고] 책을 팝니다"'))),
    Broken("ad-prefix", "error", written(issue("advertising: true\n", subject='"[서울이슈큐레이터] (광고) 책"'))),
    Broken("preheader-missing", "warning", written(issue(preheader=""))),
    Broken("preheader-length", "warning", written(issue(preheader="짧은 한 줄"))),
    Broken("preheader-length", "warning", written(issue(preheader=LONG))),
    # Too short in the translation alone.
    Broken("preheader-length", "warning", written(issue(ENGLISH.format("Short.")))),
    Broken(
        "preheader-equals-subject",
        "warning",
        written(issue(subject="신성장동력을 찾아서", preheader="신성장동력을 찾아서")),
    ),
]
