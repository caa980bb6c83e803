"""Letters whose style sheets or colours some mail program throws away. Touches: nothing."""

from tests.check.cases import Broken, body, issue, opening, template, written

HEAD = "head.css.j2"
FIRST = "a[x-apple-data-detectors]{"


def sheet(css: str) -> dict[str, str]:
    """A style sheet of a workspace's own: the bundled one with something before it."""
    return template(HEAD, FIRST, css + "\n" + FIRST)


MANY_RULES = "".join(f".of-no-use-{number}{{color:#1c2422}}\n" for number in range(500))

LETTERS = [
    Broken("style-in-body", "warning", opening('<style data-premailer="ignore">.x{color:#1c2422}</style>')),
    Broken("style-bytes", "warning", written(issue(), templates=sheet(MANY_RULES))),
    Broken(
        "nested-at",
        "warning",
        written(issue(), templates=sheet("@media screen{@media (max-width:600px){.x{color:#1c2422}}}")),
    ),
    Broken("css-var", "warning", opening('<p style="color:var(--ink,#1c2422)">글</p>')),
    Broken("css-var", "warning", written(issue(), templates=sheet(".x{--ink:#1c2422}"))),
    Broken("rgba-hsl", "warning", opening('<p class="muted" style="color:rgba(28,36,34,0.9)">글</p>')),
    Broken("rgba-hsl", "warning", opening('<p style="border-top:1px solid hsl(200,10%,50%)">글</p>')),
    Broken("rgba-hsl", "warning", written(issue(), templates=sheet(".x{color:#1c2422ff}"))),
    Broken("rgba-hsl", "warning", written(issue(), templates=sheet(".x{background-color:rgb(28,36,34)}"))),
    Broken("rgba-hsl", "warning", body('<font class="muted" color="rgb(28,36,34)">글</font>')),
    Broken("downlevel-revealed", "warning", body("<![if !mso]><p>글</p><![endif]>")),
]
