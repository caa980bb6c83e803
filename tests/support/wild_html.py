"""HTML that nobody would write: random tags, attributes, CSS, broken in every way. Touches: nothing."""

from hypothesis import strategies as st

TAGS = (
    "a", "b", "body", "br", "div", "font", "form", "h1", "h3", "head", "html", "img", "li", "meta", "p", "script",
    "span", "style", "sub", "table", "td", "th", "title", "tr", "video", "x:y",
)  # fmt: skip
ATTRIBUTES = (
    "align", "alt", "background", "bgcolor", "class", "color", "dir", "height", "hidden", "href", "id", "lang", "name",
    "role", "scope", "src", "style", "text", "width",
)  # fmt: skip
VALUES = (
    "", "#", "#abc", "#12345678", "#top", "/", "100%", "12", "99999999999999999999", "auto", "cid:x", "data:image/x",
    "dark", "en-GB", "ko", "http://www.example.org/a.png", "http://[::1", "https://www.si.re.kr/", "javascript:x",
    "ltr", "mailto:", "presentation", "tel:1", "x y", "더보기", "\u1112\u1161", "{{ name }}", "\x07", "\ud7ff",
)  # fmt: skip
PROPERTIES = (
    "background", "background-color", "background-image", "color", "display", "font", "font-size", "font-weight",
    "max-height", "opacity", "overflow", "--x", "visibility", "width",
)  # fmt: skip
CSS_VALUES = (
    "#123456", "#1234", "rgba(0,0,0,.5)", "rgb(1e999,0,0)", "hsl(0 0% 0%)", "var(--x, var(--y))", "oklch(1 2 3)",
    "currentColor", "inherit", "url(http://x/y.png)", "url(", "linear-gradient(red,blue)", "0", "-1em", "1e400px",
    "12px", "999999999999999999999em", "700", "99999", "bold", "none", "'var(", "calc((((", "}", "{", "!important",
)  # fmt: skip
SELECTORS = (".a", "p", "#x", "*", "a:hover", "td > p", "[data-ogsc] .a", "[lang=", "u + .body a", "..", "@x", "p,,a")
GROUPS = ("@media (prefers-color-scheme:dark)", "@media screen", "@supports (x:y)", "@font-face", "@", "@media")


def wild_css() -> st.SearchStrategy[str]:
    """A style sheet, or the ruins of one."""
    declaration = st.tuples(
        st.sampled_from(PROPERTIES), st.sampled_from(CSS_VALUES), st.sampled_from(["", " !important"])
    )
    block = st.lists(declaration.map(lambda parts: f"{parts[0]}:{parts[1]}{parts[2]}"), max_size=4).map(";".join)
    rule = st.tuples(st.sampled_from(SELECTORS), block).map(lambda parts: f"{parts[0]}{{{parts[1]}}}")
    group = st.tuples(st.sampled_from(GROUPS), st.lists(rule, max_size=3).map("".join))
    nested = group.map(lambda parts: f"{parts[0]}{{{parts[1]}}}")
    return st.lists(rule | nested | block, max_size=5).map("".join)


def wild_html() -> st.SearchStrategy[str]:
    """A page, or the ruins of one."""
    attribute = st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES) | wild_css()).map(
        lambda parts: f' {parts[0]}="{parts[1].replace(chr(34), "&quot;")}"'
    )
    attributes = st.lists(attribute, max_size=4).map("".join)
    opening = st.tuples(st.sampled_from(TAGS), attributes).map(lambda parts: f"<{parts[0]}{parts[1]}>")
    closing = st.sampled_from(TAGS).map(lambda name: f"</{name}>")
    sheet = wild_css().map(lambda css: f"<style>{css}</style>")
    words = st.sampled_from(["", "글 TODO {{", "&nbsp;", "&#x7;", "<", "<![if !mso]>", "<!--[if mso]>", "-->", "<![x["])
    return st.lists(opening | closing | sheet | words | st.text(max_size=8), max_size=25).map("".join)
