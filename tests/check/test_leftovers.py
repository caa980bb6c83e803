"""Fields of other mailing tools, what may be meant to be filled in, and a hundred ordinary texts. Touches: tmp."""

import re
import time
from pathlib import Path

import pytest

from newsletter.check.leftovers import MOST_LEFTOVERS, leftovers_in
from newsletter.edition.markdown.written_code import without_code
from newsletter.issue.texts import LONGEST
from tests.support.checks import findings_of, ko, of_rule
from tests.support.letters import picture_bytes

from .cases import opening

CERTAIN = {
    "Mailchimp": ["*|FNAME|*", "*|MC:SUBJECT|*", "*|IF:FNAME|*", "*|UNSUB|*"],
    "Stibee": ["$%name%$", "$%이름%$", "$%unsubscribe%$"],
    "Zoho Campaigns": ["$[FNAME|구독자]$", "$[LI:UNSUBSCRIBE]$"],
    "DirectSend": ["[$NAME]", "[$이름$]"],
    "SendGrid": ["[%first_name%]", "[%first_name | 독자%]"],
    "Campaign Monitor, Sendy": ["[firstname,fallback=]", "[Name,fallback=there]", "[이름, fallback=독자]"],
    "GetResponse, Mailjet": [
        '[[data:firstname:"독자"]]',
        "[[UNSUB_LINK_EN]]",
        "[[firstname]]",
        "[[이름]]",
        "[[고객명]]",
    ],
    "Mailgun": ["%recipient.name%", "%recipient_email%", "%unsubscribe_url%", "%mailing_list_unsubscribe_url%"],
    "Salesforce": ["%%name%%", "%%이름%%", "%%=v(@name)=%%", "{!Contact.FirstName}"],
    "Mautic": ["{contactfield=firstname}", "{contactfield=firstname|독자}"],
    "MailerLite": ["{$name}", "{$unsubscribe}"],
    "Eloqua": ["~~eloqua..type--emailfield..syntax--C_FirstName..~~"],
    "Word": ["<<이름>>", "«이름»", "«First_Name»", "«AddressBlock»", "<<Greeting Line>>", "{ MERGEFIELD 이름 }"],
    "HubSpot, Klaviyo": ["{% if x %}", "{% unsubscribe %}", "{%- endif %}", "{# note #}"],
    "ERB": ["<%= name %>", "<% if x %>"],
    "PHP": ["<?= $name ?>", "<?php echo $name; ?>"],
    "NHN Cloud": ["##이름##", "##name##"],
    "": ["#{이름}", "#{name}", "@@name@@", "@@쿠폰@@", "｛｛ 이름 ｝｝", "｛｛name}}"],
}
# fmt: off
DOUBTFUL = [
    "{name}", "{이름}", "{first_name}", "{firstName}", '{first_name, "독자"}', "{unsubscribe_text}", "｛이름｝",
    "${name}", "${Contacts.이름}", "$firstname$", "%name%", "%이름%", "%FIRSTNAME%", "[NAME]", "[First Name]",
    "[FNAME]", "[이름]", "[고객명]", "[your name]", "[Company Name]", "[unsubscribe]", "[[쿠폰]]", "<이름>님",
    "(성함) 님", "○○○님", "□□□님", "OOO님", "XXX님", "○○ 님", "◇◇◇ 고객님", "○○○ 귀하", "ㅇㅇㅇ님", "△△△ 선생님",
    " ____님",
]
# fmt: on
ORDINARY = """
[서울이슈큐레이터] 신성장동력
[보도자료] 서울연구원, 포럼 연다
[공지] 8월 휴관 안내
[속보]·[단독]·[기획]
[일시] 8월 3일 오후 2시
[장소] 대회의실
[이름] 홍길동
- [성명] 홍길동, [소속] 서울연구원
[담당자] 02-2149-1234
[이름](https://www.si.re.kr)을 눌러 보세요
[[자세히 보기]](https://www.si.re.kr)
[[1]](https://www.si.re.kr) 참고
[[1]] 각주
[표 1] 연도별 추이, [그림 2]
[NEWS] [EVENT] [PDF] [DDP] [Web발신]
[Vol. 7] 2021년 7월호
100% 만족
5% 이상 10% 이하
5%이상 10%이하
50%에서 60%로, 다시 70%까지
약 30%, 40%, 50%
응답률(%)은 62.3%이다
5%p 상승, 3%p 하락
100%% 확실
%를 단위로 쓴다
수십%에서 수백%로
<<목민심서>>를 다시 읽다
<<장미의 이름>>과 <<독자>>
<<사이언스>>와 <<Nature>>에 실렸다
<<YouTube>> 이야기
《목민심서》와 〈경세유표〉
『토지』, 「운수 좋은 날」
«Le Monde»에 따르면
<표 1> 인구, <그림 2> 지도
<한겨레>와 <경향신문>
㈜○○
㈜○○ 님과의 협약
(주)○○는
○ 항목
○ 둘째 항목 님과 함께
○○구에 사는 주민
○○시 ○○동
A○○ 씨
김○○ 씨는 말했다
김○○님의 이야기
B○○님
□ 추진 배경
□ 회원님께 드리는 글
■ 신청 방법
△ 접수 △ 심사 △ 발표
◇ 문의
● 준비물
☆ 추천
O형 혈액
OECD, OO%
XX 염색체
ㅇ 일시: 8월 3일
ㅇㅇ 그렇습니다
선생님과 고객님, 회원님
홍길동 님
{서울, 부산, 대구}
{1, 2, 3}
집합 {x | x > 0}
중괄호 {와 }를 쓴다
$5 and 10$
US$100, HK$20
$1.2M에서 $3.4M로
1,000$ 이상
#서울 #정책연구 #청년
#1위, #2위
## 제목 ##
C#과 F#
@서울연구원 @si_seoul
문의: info@example.com
@@@ 모집 @@@
이메일 주소는 가@나@다
* 별표 | 세로줄 *
* 참고 * 비고
** 주의 **
| 구 | 명 |
A | B | C
1 < 2 << 3
2 << 4 와 8 >> 2
a < b > c
<3 고마워요
~~취소~~
9~11시, 14~16시
___
밑줄 ____ 채우기
------
https://www.si.re.kr/%EC%9D%B4%EB%A6%84
www.si.re.kr/%EC%9D%B4%EB%B0%80%ED
https://example.org/?a={name}&b=%name%
[주소](https://example.org/%name%/%EC%9D%B4)
{{ subscriber.name | default("{이름}") }}님
{{ subscriber.fields.회사 }}
“이름”과 ‘성명’
(이름)
이름: 홍길동
성명 / 소속 / 연락처
이름님이라고 부릅니다
Dear reader, hello!
Hello everyone [updated]
[Read more] in the report
[Name] Jane Doe
The name [of the rose] is long
50% off, 20%-30%
up to 5 % of 10 %
He said [sic] that
a[i] and b[name]
f{x} is a function
x_{max} and 10^{th}
\\frac{ab}{cd}
Use & in <angle> brackets
Q&A: what is new?
The $100 question
Jane Doe <jane@example.com>
email me at jane@example.com
#Seoul #2026
@newsletter
C++ << and >>
AT&T, R&D
1/2, 3/4
*emphasis* and **strong**
OOO until Monday
XXXL T-shirts
_underlined_ words
[ ] to do, [x] done
☐ to do ☑ done
¿Qué? «nombre»
<https://www.si.re.kr>
:) ;) <3 ^^
"quoted" and 'single'
""".strip("\n").split("\n")


@pytest.mark.parametrize("around", ["{}", "안녕하세요 {}님, 반갑습니다.", "안녕하세요{}님", "Hello {}, dear", "{} {}"])
def test_a_field_of_another_tool_is_certain_and_named(around: str) -> None:
    for system, words in ((system, one) for system, written in CERTAIN.items() for one in written):
        text = around.replace("{}", words)
        found = {(text[one.start : one.end], one.is_certain, one.system) for one in leftovers_in(text)}
        assert found == {(words, True, system)}, text


@pytest.mark.parametrize("around", ["{}, 안녕하세요", "안녕하세요, {}", "Dear {}!"])
def test_what_may_be_a_placeholder_is_a_doubt(around: str) -> None:
    for words in DOUBTFUL:
        text = around.replace("{}", words)
        found = [(text[one.start : one.end], one.is_certain) for one in leftovers_in(text)]
        assert found == [(words.strip(), False)], text


def test_an_ordinary_text_is_left_alone() -> None:
    assert len(ORDINARY) > 100
    told = {text: [text[one.start : one.end] for one in leftovers_in(text)] for text in ORDINARY}
    assert {text: words for text, words in told.items() if words} == {}


def test_code_and_fields_of_ours_are_no_leftovers(tmp_path: Path) -> None:
    text = """\
title: 자리표시 이야기
preheader: 다른 도구의 자리표시를 옮겨 적는 방법을 알려 드립니다. 스티비와 메일침프를 예로 들었습니다.
intro: |
  `*|FNAME|*`와 ``[[이름]] ` {name}``은 코드입니다. {{ subscriber.name | default("{이름}") }}님.

  ```
  $%name%$ ○○○님
  ```

      %%name%% TODO

  - 목록 안에서도

    ~~~
    #{이름}
    ~~~
"""
    assert of_rule(findings_of(tmp_path, text), "placeholder-left", "placeholder-maybe") == []


EVERYWHERE = """\
title: "*|T|*"
subject: "*|S|*"
preheader: "*|P|*"
hero: { src: assets/a.png, alt: "*|ALT|*", caption: "*|CAP|*", credit: "*|CREDIT|*" }
intro: "*|I|* {name}"
sections:
  - type: story
    heading: "*|H|*"
    body: "글 [주소](https://www.si.re.kr/*|B|*)"
    research: [{ title: "*|RT|*", url: "https://www.si.re.kr/?n=%%RU%%", summary: "*|RS|*" }]
    button: { label: "*|BL|*", url: "https://www.si.re.kr" }
  - { type: figures, items: [{ value: "*|V|*", label: "*|L|*" }] }
  - { type: quote, text: "*|Q|*", source: "*|QS|*" }
  - { type: notice, body: "*|N|*" }
closing: "*|C|*"
translations:
  en: { intro: "*|EN|* {name}" }
"""


def test_it_is_told_wherever_it_stands_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "issues" / "assets").mkdir(parents=True)
    (tmp_path / "issues" / "assets" / "a.png").write_bytes(picture_bytes(1200, 400))
    found = findings_of(tmp_path, EVERYWHERE)
    places = {(one.line, one.column) for one in of_rule(found, "placeholder-left")}
    assert places == places_of(r"\*\||%%RU")
    assert {(one.line, one.column) for one in of_rule(found, "placeholder-maybe")} == places_of(r"\{name")


def places_of(pattern: str) -> set[tuple[int, int]]:
    lines = EVERYWHERE.split("\n")
    return {(number, match.start() + 1) for number, line in enumerate(lines, 1) for match in re.finditer(pattern, line)}


def test_what_a_template_says_is_told_without_a_place_in_the_issue(tmp_path: Path) -> None:
    found = of_rule(opening("<p>$%name%$ <code>[[이름]]</code></p>")(tmp_path), "placeholder-left")
    assert [(ko(one.message), one.line) for one in found] == [
        ("Stibee에서 쓰는 자리표시가 남아 있습니다. 여기서는 채워지지 않습니다: $%name%$", None)
    ]


def test_a_hostile_text_takes_no_time() -> None:
    for piece in (
        "[[a",
        "{a",
        "%a",
        "*|",
        "$%",
        "<<이름",
        "○",
        "`" * 3 + " ",
        "[a, ",
        "{%a",
        "«name",
        "@@a",
        "{{ ",
        "{ MERGEFIELD ",
        "_a_",
    ):
        text = (piece * LONGEST)[:LONGEST]
        begun = time.process_time()
        assert len(list(leftovers_in(text))) <= MOST_LEFTOVERS
        without_code(text)
        assert time.process_time() - begun < 1, piece


def test_braces_in_a_data_file_are_text_and_those_beside_it_are_still_told(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "a.csv").write_text("구,명\n{{ x }},1\n", encoding="utf-8")
    text = "title: x\nsections:\n  - { type: table, caption: 표, data: a.csv }\n"
    assert of_rule(findings_of(tmp_path, text), "placeholder-left") == []
    (tmp_path / "issues" / "a.csv").write_text("구,명\n종로 TODO,1\n", encoding="utf-8")
    assert len(of_rule(findings_of(tmp_path, text), "placeholder-left")) == 1


def test_what_a_line_to_paste_leaves_to_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "a.png").write_bytes(picture_bytes(40, 20))
    text = 'title: x\nhero: { src: a.png, alt: "…" }\nintro: 그리고 …\n'
    [found] = of_rule(findings_of(tmp_path, text), "placeholder-left")
    assert (found.line, found.column) == (2, 26)
