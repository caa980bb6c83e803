"""A subject that may be empty is told as such, with the line to write."""

from pathlib import Path

import pytest

from tests.support.checks import findings_of, ko, of_rule

from .cases import issue


@pytest.mark.parametrize(
    ("subject", "fields", "write"),
    [
        ("{{ subscriber.name }}", "`name`", "subject: '{{ subscriber.name | default(\"구독자\") }}'"),
        ('{{ subscriber.name | default("") }} ', "`name`", "subject: '{{ subscriber.name | default(\"구독자\") }}'"),
        (
            '{{ subscriber.fields["회사 이름"] }} {{ subscriber.name }}',
            "`fields.회사 이름`, `name`",
            'subject: \'{{ subscriber.fields["회사 이름"] | default("구독자") }}\'',
        ),
    ],
)
def test_a_subject_of_nothing_but_fields_gets_a_default(tmp_path: Path, subject: str, fields: str, write: str) -> None:
    [found] = of_rule(findings_of(tmp_path, issue(subject=f"'{subject}'")), "subject-fold")
    assert f"기본값 없는 병합 필드({fields})뿐" in ko(found.message)
    assert ko(found.hint).endswith(write)


def test_with_its_default_it_is_good(tmp_path: Path) -> None:
    text = issue(subject="""'{{ subscriber.name | default("구독자") }}'""")
    assert of_rule(findings_of(tmp_path, text), "subject-fold") == []
