"""Letters from templates of a workspace's own that look odd and are right. Touches: nothing."""

from tests.check.broken.styles import sheet
from tests.check.cases import body, changed, issue, opening, template, written

PICTURE = 'src="https://www.si.re.kr/a.png"'
MSO = "<!--[if mso]>{}<![endif]-->"

LETTERS = [
    # Pictures.
    opening(f'<img {PICTURE} width="100" alt="" role="presentation">'),
    opening(f'<img {PICTURE} width="600px" height="280" alt="강변">'),
    opening(f'<a href="https://www.si.re.kr/a"><img {PICTURE} width="100" alt="2021년 7월 보고서 읽기"></a>'),
    opening(f'<a href="https://www.si.re.kr/a"><img {PICTURE} width="100" alt="" role="presentation"> 보고서 읽기</a>'),
    opening(f'<p>로고</p><img {PICTURE} width="100" alt="로고">'),
    # Links.
    opening('<a href="tel:0221491234">02-2149-1234</a> <a href="mailto:letter@si.re.kr">편지</a>'),
    opening('<a href="https://www.si.re.kr/examples">연구 더보기</a>'),
    # Structure.
    opening('<h2>둘째</h2><h3>셋째</h3><h4>넷째</h4><h2>다시 둘째</h2>'),
    opening('<h2></h2>'),
    opening('<table><tr><th scope="col">해</th></tr><tr><td>2021</td></tr></table>'),
    opening('<table><caption>해마다</caption><tr><td>2021</td></tr></table>'),
    opening('<table role="none"><tr><td>배치</td></tr></table>'),
    opening('<p id="a">가</p><p id="b">나</p><p class="a">다</p>'),
    written(issue(), templates=template("layout.html.j2", '<html lang="{{ letter.language }}"', '<html lang="ko-KR"')),
    # Styles and colours.
    written(issue(), templates=sheet("@media screen and (max-width:600px){.x{width:100%}}")),
    opening(MSO.format('<p style="color:rgba(0,0,0,0.5)">글</p>') + "<p>글</p>"),
    opening(MSO.format("<table><tr><td>글</td></tr></table>")),
    body("<!-- <![if !mso]> -->"),
    opening("<!--[if !mso]><!--><p>글</p><!--<![endif]-->"),
    opening("<p>CSS 의 var(--ink) 와 rgba(0,0,0,0.5), &lt;style&gt; 와 &lt;![if !mso]&gt; 이야기</p>"),
    opening('<p style="font-family:\'var(--x)\',sans-serif">글</p>'),
    # What can be read, and what nobody is to read.
    opening('<p class="muted" style="color:#767676">희미하지만 읽히는 글</p>'),
    opening('<p class="muted" style="color:#949494;font-size:24px;line-height:32px">큰 글</p>'),
    opening('<p class="muted" style="color:#949494;font-size:19px"><b>굵은 글</b></p>'),
    opening('<div style="display:none;font-size:1px;color:#ffffff">숨은 글</div>'),
    opening('<div style="display:none"><p style="font-size:11px;color:#eeeeee">숨은 글</p></div>'),
    opening('<div style="font-size:1px;line-height:1px;color:#ffffff">숨은 글</div>'),
    opening('<p style="color:#eeeeee">· — ★</p>'),
    opening('<p>각주<sup style="font-size:11px">1</sup></p>'),
    opening('<p style="font-size:0;line-height:0">&nbsp;</p>'),
    opening('<table role="presentation"><tr><td class="solid" bgcolor="#0b6655"><a class="on" href="https://www.si.re.kr/1">'
            "하얀 글</a></td></tr></table>"),
    # What stands in a comment is not there.
    body("<!-- <form><script>TODO</script></form> -->"),
    changed(lambda case: case.html("<body", '<body data-x="<script>"')),
]  # fmt: skip
