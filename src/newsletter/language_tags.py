"""Language tags as people mistype them, and what was meant: `zh_TW`, `jp`, `kor`, `English`. Touches: nothing.

Sources: RFC 5646 (form and case, 2.1.1; the shortest code of a language, 2.2.1), ISO 639-1. Limits: a code of three
letters is taken for a language unless there is one of two letters for it; regions are not looked up.
"""

import re

TAG = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
"""What a translation may be called: a language in lower case, then script, region and variants."""
_LANGUAGES = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr
    ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu""".split()  # noqa: SIM905 - as a list it would fill four pages
)
"""ISO 639-1."""
_OF_CHINESE = frozenset({"hans", "hant", "hani", "latn", "bopo"})
_MEANT = {
    "ko": "kr kor korean 한국어 한글 국문",
    "en": "us uk gb eng english 영어 영문",
    "ja": "jp jpn japanese 일본어 일어 日本語",
    "zh-Hans": "cn sc chs chinese 중국어 간체 简体 中文",
    "zh-Hant": "cht 번체 繁體",
    "zh": "zho chi",
    "ar": "ara arabic 아랍어",
    "he": "iw heb hebrew 히브리어",
    "fa": "ir fas per persian farsi",
    "ur": "urd urdu",
    "vi": "vn vie vietnamese 베트남어",
    "id": "in ind indonesian 인도네시아어",
    "yi": "ji",
    "th": "tha thai 태국어",
    "ru": "rus russian 러시아어",
    "mn": "mon mongolian 몽골어",
    "fr": "fra fre french 프랑스어",
    "de": "deu ger german 독일어",
    "es": "spa spanish 스페인어",
    "it": "ita italian",
    "pt": "por portuguese",
    "pt-BR": "br-br",
    "nl": "nld dut dutch",
    "el": "gr ell gre greek",
    "cs": "cz ces cze czech",
    "uk": "ua ukr ukrainian",
    "tr": "tur turkish",
    "pl": "pol polish",
    "sv": "swe swedish",
    "da": "dk dan danish",
    "hi": "hin hindi 힌디어",
}
_SAID = {word: tag for tag, words in _MEANT.items() for word in words.split()}


def canonical(tag: str) -> str:
    """The tag in the usual case, with hyphens: `zh-Hant-TW` for `ZH_hant_tw`."""
    first, *rest = re.split(r"[-_]", tag.strip())
    cased = (
        part.title() if len(part) == 4 and part.isalpha() else part.upper() if len(part) == 2 else part.lower()
        for part in rest
    )
    return "-".join([first.lower(), *cased])


def meant_tag(word: str) -> str:
    """The tag that was meant by a word that is no tag or not the right one; empty where nobody knows."""
    tag = canonical(word)
    first, _, rest = tag.partition("-")
    if found := _SAID.get(word.strip().casefold()) or _SAID.get(first):
        return f"{found}-{rest}" if rest and "-" not in found else found
    return tag if tag != word and re.fullmatch(TAG, tag) and is_known(tag) else ""


def is_known(tag: str) -> bool:
    """Whether the language of a tag of the right form is one that programs know."""
    first, *rest = tag.split("-")
    if first == "zh" and any(len(part) == 4 and part.isalpha() and part.lower() not in _OF_CHINESE for part in rest):
        return False
    if first in _SAID:
        # `kr` is Kanuri; nobody has meant that yet.
        return first in _LANGUAGES and first != "kr"
    return len(first) == 3 or first in _LANGUAGES
