"""What a browser shows of a letter, word by word: where, in which colours, how large. Touches: nothing."""

SHOWN_WORDS = """() => [...document.querySelectorAll('body *')].filter(place => [...place.childNodes].some(
    node => node.nodeType === 3 && node.data.trim()) && place.checkVisibility()).map(place => {
        let ground = place;
        while (ground.parentElement && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)')
            ground = ground.parentElement;
        const style = getComputedStyle(place), box = place.getBoundingClientRect();
        return {text: place.textContent.trim(), tag: place.tagName,
            size: parseFloat(style.fontSize), leading: parseFloat(style.lineHeight), colour: style.color,
            ground: getComputedStyle(ground).backgroundColor,
            left: box.left, right: box.right}
    }).filter(place => place.text)"""


def hex_of(colour: str) -> str:
    """`#rrggbb` of `rgb(r, g, b)`."""
    parts = colour.removeprefix("rgb(").removesuffix(")").split(",")
    return "#" + "".join(f"{int(part):02x}" for part in parts)
