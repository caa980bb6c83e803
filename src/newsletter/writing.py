"""Which script a language is written in, and from which side it is read. Touches: nothing.

A language is a BCP 47 tag as people write it: `ar`, `zh-Hant`, `pt-BR`, `pa-PK`. Source: CLDR 46, likely subtags and
characterOrder. Limits: of scripts that are written like Latin, only those are told apart that want other fonts.
"""

LATIN = "Latn"
"""Also said of what is not in the table: of its scripts, nothing depends on which one it is."""
_RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
_LANGUAGES = {
    "Arab": "aeb afb apc apd ar arq arz ary azb bal bqi ckb fa glk khw ks lrc luz mzn pnb prs ps sd skr ug ur",
    "Hebr": "he iw ji yi",
    "Thaa": "dv",
    "Syrc": "syr",
    "Nkoo": "nqo",
    "Kore": "ko",
    "Jpan": "ja",
    "Hans": "zh cmn",
    "Hant": "yue lzh nan hak",
}
_SCRIPTS = {language: script for script, languages in _LANGUAGES.items() for language in languages.split()}
_OF_REGIONS = {
    **{("zh", region): "Hant" for region in ("TW", "HK", "MO")},
    **dict.fromkeys([("az", "IR"), ("ku", "IQ"), ("ku", "IR"), ("pa", "PK"), ("uz", "AF"), ("tk", "AF")], "Arab"),
}


def script_of(tag: str) -> str:
    """The ISO 15924 code of the script: `Arab` for `fa`, `Hant` for `zh-TW`, `Latn` for `az` and for `ar-Latn`."""
    language, *rest = tag.split("-")
    for part in rest:
        if len(part) == 4 and part.isalpha():
            return part.title()
        if (found := _OF_REGIONS.get((language.lower(), part.upper()))) is not None:
            return found
    return _SCRIPTS.get(language.lower(), LATIN)


def direction_of(tag: str) -> str:
    """`rtl` where the language is read from the right, else `ltr`: the value of HTML's `dir`."""
    return "rtl" if script_of(tag) in _RIGHT_TO_LEFT else "ltr"


def opposite(direction: str) -> str:
    """The other of `ltr` and `rtl`."""
    return "ltr" if direction == "rtl" else "rtl"
