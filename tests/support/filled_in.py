"""A new workspace with somebody's own words in the place of the samples, as an editor leaves it. Touches: its files."""

from pathlib import Path

OWN = {
    "우리 뉴스레터": "동네 연구 편지",
    "시민의 궁금증에 연구로 답합니다": "걷고 싶은 동네를 연구합니다",
    "우리 연구원": "서울연구원",
    "00000 서울시 어느구 어느로 1": "06756 서울시 서초구 남부순환로340길 57 (서초동)",
    "02-0000-0000": "02-2149-1234",
}
"""Of newsletter.toml: the sample, and what stands there afterwards."""
ISSUE = """title: 공원의 사계절
preheader: 계절마다 다른 공원의 하루를 연구가 따라가 보았습니다.
intro: |
  {{ subscriber.name | default("구독자") }}님, 안녕하세요.

  공원을 찾는 사람은 봄과 가을에 가장 많고, 여름에는 저녁으로 몰립니다. 연구진은 한 해 동안 열두 곳의 공원을
  찾아가 누가 언제 무엇을 하는지 적었습니다. 그늘과 물이 있는 곳에는 더위가 심한 날에도 사람이 남았고, 의자가 벽을
  보는 곳은 늘 비었습니다.
sections:
  - type: story
    heading: 의자를 돌려놓은 날
    body: |
      어느 구청은 벽을 보던 의자 마흔 개를 길 쪽으로 돌려놓았습니다. 돈은 거의 들지 않았는데 앉는 사람은 두 배가
      되었습니다. 연구는 새로 짓기 전에 있는 것을 다시 놓아 보라고 권합니다. 사람들이 스스로 옮길 수 있는 의자는 더
      오래 쓰였습니다.
    research:
      - { title: 공원의 사계절과 이용, url: "https://www.si.re.kr", authors: [홍길동], year: 2026 }
closing: |
  끝까지 읽어 주셔서 고맙습니다.
"""


def fill_in(root: Path, slug: str | None = None) -> None:
    """Put own words into newsletter.toml as `init` wrote it in Korean, and, with a slug, into that issue."""
    toml = root / "newsletter.toml"
    text = toml.read_text(encoding="utf-8")
    for sample, own in OWN.items():
        assert sample in text, sample
        text = text.replace(sample, own)
    toml.write_text(text, encoding="utf-8")
    if slug:
        (root / "issues" / f"{slug}.yaml").write_text(ISSUE, encoding="utf-8")
