"""Letters whose HTML no mail program, or only some, can show. Touches: nothing."""

from tests.check.broken.styles import sheet
from tests.check.cases import Broken, body, changed, issue, opening, template, written

MUTED = "{{ text }}.muted{color:{{ palette.dark_muted }} !important}"

LETTERS = [
    Broken("doctype", "error", changed(lambda case: case.html("<!DOCTYPE html>", "<!doctype html>"))),
    Broken("script-tag", "error", opening("<script>alert(1)</script>")),
    Broken("form-tag", "error", opening('<form action="https://www.si.re.kr/"><input name="q"></form>')),
    Broken("form-tag", "error", opening("<button>읽기</button>")),
    Broken("unclosed-tag", "error", body("<div>")),
    Broken("unclosed-tag", "error", body("</span>")),
    Broken(
        "important-lost",
        "error",
        written(issue(), templates=template("head.css.j2", MUTED, MUTED.replace(" !important", ""))),
        also=frozenset({"contrast"}),
    ),
    Broken("important-lost", "error", changed(lambda case: case.html(" !important", ""))),
    Broken("important-lost", "error", written(issue(), templates=sheet("[data-ogsc] .muted{color:#aca69b}"))),
    Broken(
        "title-empty",
        "warning",
        written(issue(), templates=template("layout.html.j2", "{{ letter.subject }}</title>", "</title>")),
    ),
    Broken("markup-left", "warning", written(issue(intro="글 ** 굵게 **"))),
    Broken("markup-left", "warning", written(issue(intro="글 ~~3만 원~~2만 원"))),
    Broken("markup-left", "warning", written(issue(title="'**신성장동력**'"))),
    Broken("css-support", "warning", opening('<p style="position:fixed">글</p>')),
    Broken(
        "template-unknown",
        "warning",
        written(issue(), templates={"_foter.html.j2": "{# the name is wrong #}"}),
    ),
]
