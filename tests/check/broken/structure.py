"""Letters that a screen reader reads badly, from templates of a workspace's own. Touches: nothing."""

from tests.check.cases import Broken, changed, issue, opening, template, written

LAYOUT = "layout.html.j2"
HTML = '<html lang="{{ letter.language }}" dir="{{ letter.dir }}"'
DIV = 'role="main" lang="{{ letter.language }}" dir="{{ letter.dir }}"'

LETTERS = [
    Broken("html-lang", "warning", written(issue(), templates=template(LAYOUT, HTML, '<html dir="{{ letter.dir }}"'))),
    Broken("html-lang", "warning", written(issue(), templates=template(LAYOUT, DIV, 'dir="{{ letter.dir }}"'))),
    Broken("html-lang", "warning", written(issue(), templates=template(LAYOUT, HTML, '<html lang="en" dir="ltr"'))),
    Broken("html-lang", "warning", changed(lambda case: case.html('<html lang="ko"', '<html lang="한국어"'))),
    Broken("html-dir", "warning", written(issue(), templates=template(LAYOUT, HTML, '<html lang="ko" dir="rtl"'))),
    Broken("html-dir", "warning", written(issue(), templates=template(LAYOUT, DIV, 'lang="ko"'))),
    Broken("heading-order", "warning", written(issue(), templates=template("_opening.html.j2", "h1", "h2"))),
    Broken("heading-order", "warning", opening("<h1>또 하나의 큰제목</h1>")),
    Broken("heading-order", "warning", opening("<h2>둘째</h2><h4>넷째</h4>")),
    Broken("heading-order", "warning", written(issue(), templates=template("_masthead.html.j2", "<b>{{", "<h2>{{"))),
    Broken("table-role", "warning", opening("<table><tr><td>배치</td></tr></table>")),
    Broken("table-role", "warning", opening('<table role="presentation"><tr><td><table><tr><td>안</td></tr></table>'
                                            "</td></tr></table>")),
    Broken("duplicate-id", "warning", opening('<p id="story">가</p><p id="story">나</p>')),
]  # fmt: skip
