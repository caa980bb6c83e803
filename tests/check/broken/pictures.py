"""Letters whose pictures are not shown, not said, or too heavy. Touches: a given folder."""

import io
import random
from dataclasses import replace
from pathlib import Path

from PIL import Image

from newsletter.check.finding import Finding
from tests.check.cases import Broken, Case, Make, changed, issue, opening, written

ADDRESS = "https://www.si.re.kr/a.png"


def picture(attributes: str) -> Make:
    return opening(f"<img {attributes}>")


def linked(attributes: str) -> Make:
    return opening(f'<a href="https://www.si.re.kr/a"><img src="{ADDRESS}" width="100" {attributes}></a>')


def photo_as_png(root: Path) -> list[Finding]:
    """A picture of noise, which no encoder makes smaller."""
    noise = random.Random(4).randbytes(600 * 200 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (600, 200), noise).save(out, "PNG")
    (root / "issues" / "assets").mkdir(parents=True)
    (root / "issues" / "assets" / "photo.png").write_bytes(out.getvalue())
    return written(issue("hero: { src: assets/photo.png, alt: 광화문 }\n"))(root)


def in_file(name: str, data: bytes, keys: str) -> Make:
    """An issue whose hero says this of a file of this name."""

    def make(root: Path) -> list[Finding]:
        (root / "issues" / "assets").mkdir(parents=True)
        (root / "issues" / "assets" / name).write_bytes(data)
        return written(issue(f"hero: {{ alt: 광화문, {keys} }}\n"))(root)

    return make


def drawn(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height)).save(out, "PNG")
    return out.getvalue()


def moving(side: int) -> bytes:
    frames = [Image.effect_noise((side, side), 90 + number) for number in range(5)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def portrait_that_moves(root: Path) -> list[Finding]:
    """Cut by its place, and not by the issue."""
    (root / "issues").mkdir()
    (root / "issues" / "a.gif").write_bytes(moving(20))
    person = "{ name: 홍길동, image: { src: a.gif, alt: 홍길동의 얼굴 } }"
    return written(issue(f"sections: [{{ type: people, items: [{person}] }}]\n"))(root)


def many(case: Case) -> Case:
    """Ten pictures, each of which is light enough."""
    first = case.editions[0].pictures[0]

    return case.edition(
        pictures=(*case.editions[0].pictures, *(replace(first, cid=f"{n}@x", data=b"x" * 200_000) for n in range(9)))
    )


def webp(case: Case) -> Case:

    first, *rest = case.editions[0].pictures
    return case.edition(pictures=(replace(first, media_type="image/webp"), *rest))


LETTERS = [
    Broken("img-alt", "error", picture(f'src="{ADDRESS}" width="100"')),
    Broken("img-alt", "error", picture(f'src="{ADDRESS}" width="100" alt=" "')),
    Broken("img-alt", "error", linked("")),
    Broken("img-data-uri", "warning", picture('src="data:image/png;base64,AA" width="100" alt="그림"')),
    Broken("img-webp", "warning", changed(webp)),
    Broken("img-width", "warning", picture(f'src="{ADDRESS}" alt="그림"')),
    Broken("img-width", "warning", picture(f'src="{ADDRESS}" width="100%" alt="그림"')),
    Broken("img-width", "warning", picture(f'src="{ADDRESS}" width="1200" alt="그림"')),
    Broken("img-width", "warning", picture(f'src="{ADDRESS}" width="100" height="auto" alt="그림"')),
    Broken("img-https", "warning", picture('src="http://www.si.re.kr/a.png" width="100" alt="그림"')),
    Broken("img-https", "warning", picture('src="assets/a.png" width="100" alt="그림"')),
    Broken("img-https", "warning", picture('src="cid:nowhere" width="100" alt="그림"')),
    Broken("img-https", "warning", picture('width="100" alt="그림"')),
    Broken("img-bytes", "warning", photo_as_png),
    Broken("img-tall", "warning", in_file("a.png", drawn(100, 161), "src: assets/a.png")),
    Broken("img-tall", "warning", in_file("a.png", drawn(900, 900), "src: assets/a.png, crop: '1:2'")),
    Broken("img-name", "warning", in_file("Cover.PNG", drawn(100, 100), "src: assets/cover.png")),
    Broken("img-name", "warning", in_file("a.png", drawn(9, 9), "src: assets/a.png, src_dark: Assets/a.png")),
    Broken("img-still", "warning", in_file("a.gif", moving(520), "src: assets/a.gif, width: 100")),
    Broken("img-still", "warning", in_file("a.gif", moving(20), "src: assets/a.gif, crop: '2:1'")),
    Broken("img-still", "warning", portrait_that_moves),
    Broken("img-linked-alt", "warning", linked('alt="배너"')),
    Broken("img-linked-alt", "warning", linked('alt="자세히 보기"')),
    Broken("img-linked-alt", "warning", linked('alt="banner-2021.png"')),
    Broken("img-linked-alt", "warning", linked('alt="" role="presentation"')),
    Broken("size-message", "warning", changed(many)),
]
