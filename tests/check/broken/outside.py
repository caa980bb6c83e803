"""Letters that only a look outside finds fault with. Touches: nothing."""

from newsletter.check.outside import LinkAnswer, Outside, SpamReport, SpamTest, VisitResult
from tests.check.cases import Broken, issue, written

URL = "https://www.si.re.kr/report"
LINKED = issue(intro=f"'[보고서 읽기]({URL})'")
SPAM = SpamReport(5.5, (SpamTest("HTML_IMAGE_ONLY", 5.5, "HTML: images with few words"),))

LETTERS = [
    Broken("link-status", "warning", written(LINKED, outside=Outside(links={URL: LinkAnswer(VisitResult.GONE, 404)}))),
    Broken("spam-score", "warning", written(LINKED, outside=Outside(spam={"ko": SPAM}))),
]
