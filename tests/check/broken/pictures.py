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


def many(case: Case) -> Case:
    """Ten pictures, each of which is light enough."""
    first = case.editions[0].pictures[0]

    return case.edition(
        pictures=(*case.editions[0].pictures, *(replace(first, cid=f"{n}@x", data=b"x" * 200_000) for n in range(5)))
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
    Broken("img-linked-alt", "warning", linked('alt="배너"')),
    Broken("img-linked-alt", "warning", linked('alt="자세히 보기"')),
    Broken("img-linked-alt", "warning", linked('alt="banner-2021.png"')),
    Broken("img-linked-alt", "warning", linked('alt="" role="presentation"')),
    Broken("mail-bytes", "warning", changed(many)),
]
