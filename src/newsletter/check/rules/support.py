"""What mail programs can show of it: css-support. Touches: the data of check/data, once."""

from collections.abc import Iterator

from newsletter.check.css.clients import PAGE, Support, client_names, harmless, supports
from newsletter.check.css.features import Use, uses_of
from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, warning

_SHOWN = 80


@warning("css-support")
def css_support(material: Material) -> Iterator[Found]:
    """What the newest version of some mail program cannot show, but for what does no harm."""
    quiet = harmless().reasons.keys() | harmless().elsewhere.keys()
    for sheet in material.sheets:
        told = set(quiet)
        for use in uses_of(sheet.page):
            support = supports().get(use.feature)
            if use.feature not in told and support and (support.no or support.partly):
                told.add(use.feature)
                yield _found(sheet, use, support)


def _found(sheet: Sheet, use: Use, support: Support) -> Found:
    names = client_names()
    no = [names[client] for client in names if client in support.no]
    partly = [names[client] for client in names if client in support.partly]
    words = use.words if len(use.words) <= _SHOWN else use.words[: _SHOWN - 1] + "…"
    title = support.title if words in support.title else f"{support.title} (‘{words}’)"
    ko = [f"지원하지 않는 곳: {', '.join(name.ko for name in no)}"] if no else []
    en = [f"not supported by {', '.join(name.en for name in no)}"] if no else []
    if partly:
        ko.append(f"일부만 지원하는 곳: {', '.join(name.ko for name in partly)}")
        en.append(f"supported in part by {', '.join(name.en for name in partly)}")
    page = f"{PAGE}{use.feature}/"
    return Found(
        ko=f"{title}: {'. '.join(ko)}.",
        en=f"{title}: {'; '.join(en)}.",
        ko_hint=f"그곳에서도 읽히는 방법으로 바꾸세요(표, 인라인 스타일). 무엇이 되고 안 되는지: {page}",
        en_hint=f"Use what reads well there, too (tables, style attributes). What works where: {page}",
        tag=use.tag,
        sheet=sheet,
    )
