"""What languages are called in themselves, for who chooses one. Touches: nothing."""

from collections.abc import Mapping

from newsletter.catalogue import known_language

_NAMES: Mapping[str, str] = {
    "ar": "العربية",
    "bn": "বাংলা",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "km": "ភាសាខ្មែរ",
    "ko": "한국어",
    "mn": "Монгол",
    "my": "မြန်မာဘာသာ",
    "ne": "नेपाली",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "si": "සිංහල",
    "th": "ไทย",
    "tl": "Filipino",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "uz": "Oʻzbekcha",
    "vi": "Tiếng Việt",
    "zh": "中文",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "zh-TW": "繁體中文",
}


def name_of(tag: str) -> str:
    """`日本語` for `ja`; the tag itself where we do not know it."""
    return _NAMES.get(known_language(tag, "", _NAMES), tag)
