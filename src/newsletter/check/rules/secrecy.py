"""What nobody else is to see: csv-tracked. Touches: nothing; whoever counts the subscribers has asked git."""

from collections.abc import Iterator

from newsletter.check.keeping import Keeping
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning


@warning("csv-tracked")
def csv_tracked(material: Material) -> Iterator[Found]:
    """Addresses that were committed once stay in the history, for everybody who ever gets a copy of it."""
    file = material.audience.file
    if material.audience.keeping is Keeping.TRACKED:
        yield Found(
            ko="구독자 파일을 git이 추적하고 있습니다.",
            en="The subscriber file is tracked by git.",
            ko_hint=f"`git rm --cached {file}`로 빼고 .gitignore에 ‘{file}’이라고 적으세요. 올린 기록에서도 지우세요.",
            en_hint=f"Take it out by `git rm --cached {file}`, put {file} into .gitignore, and clean the history.",
            file=file,
        )
    elif material.audience.keeping is Keeping.OPEN:
        yield Found(
            ko="구독자 파일이 .gitignore에 없어서 다음 `git add`에 딸려 갑니다.",
            en="The subscriber file is not in .gitignore, so that the next `git add` takes it along.",
            ko_hint=f".gitignore에 ‘{file}’이라고 적으세요.",
            en_hint=f"Put {file} into .gitignore.",
            file=file,
        )
