"""A picture that was put into a text, as the keys by which an issue names pictures. Touches: nothing."""

import re
from urllib.parse import unquote, urlsplit


def picture_keys(source: str, words: str) -> str:
    """`src: assets/a.png, alt: "…"`: how the picture is named in an issue file; one from elsewhere lies in assets/."""
    file = unquote(source)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/", file):
        file = f"assets/{_name(file)}"
    alt = words.replace('"', "'").replace("\\", "")
    return f'src: "{file or "assets/…"}", alt: "{alt or "…"}"'


def _name(source: str) -> str:
    try:
        name = urlsplit(source).path.rpartition("/")[2]
    except ValueError:
        name = ""
    return name if re.fullmatch(r"[\w.-]+", name) else "…"
