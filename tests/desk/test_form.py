"""The form has every field of every model once, and what it offers for a field is what the model takes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from newsletter.desk.form.description import NOT_IN_THE_FORM, FormField, SectionForm, form_description
from newsletter.issue.model import Issue
from newsletter.issue.own_models import issue_with, own_model
from newsletter.issue.part import Part, declared_keys
from newsletter.issue.sections.registry import SECTION_TYPES, model_of
from newsletter.issue.sections.section import Image
from newsletter.issue.texts import FileContext
from newsletter.issue.translated_parts import Translation
from tests.support.issue_files import problems_of, read_issue
from tests.support.letters import picture_bytes

FORM = form_description(Issue, "ko")
CONTEXT = FileContext(Path("issues/2026-11.yaml"), ZoneInfo("Asia/Seoul"))

PROJECT = """
title = { en = "Project", ko = "사업" }
about = "한 사업"

[fields]
name = { type = "line", required = true }
ends_at = { type = "time", label = { en = "Until", ko = "마감" }, about = "언제까지인지" }
photo = { type = "image", required = true }
about = "markdown"

[fields.steps]
type = "list"
required = true
fields = { what = { type = "line", required = true }, done = "flag", page = "link", count = "number" }
"""


def models() -> Iterator[tuple[type[Part], list[FormField]]]:
    """Every model with its fields in the form."""
    yield Issue, FORM["issue"]
    found = {part.__name__: part for part in _parts(Issue)}
    assert found.keys() == FORM["parts"].keys()
    for name, fields in FORM["parts"].items():
        yield found[name], fields
    for section in FORM["sections"]:
        yield SECTION_TYPES[section["type"]], section["fields"]


def _parts(model: type[Part]) -> Iterator[type[Part]]:
    for name, key in declared_keys(model).items():
        for part in key.parts if name not in NOT_IN_THE_FORM else ():
            if "type" not in part.model_fields:
                yield part
            yield from _parts(part)


FIELDS = [(model, field) for model, fields in models() for field in fields]
each_field = pytest.mark.parametrize(
    ("model", "field"), FIELDS, ids=[f"{model.__name__}.{field['key']}" for model, field in FIELDS]
)
each_type = pytest.mark.parametrize("section", FORM["sections"], ids=lambda section: section["type"])


def test_it_is_json_and_has_every_field_of_every_model_once() -> None:
    assert json.loads(json.dumps(FORM)) == FORM
    assert [section["type"] for section in FORM["sections"]] == list(SECTION_TYPES)
    for model, fields in models():
        keys = [field["key"] for field in fields]
        assert sorted(keys) == sorted(set(model.model_fields) - NOT_IN_THE_FORM), model.__name__
        assert any(field["usual"] for field in fields), model.__name__
        order = [field["usual"] for field in fields]
        assert order == sorted(order, reverse=True), f"{model.__name__}: what is usual stands first"


@each_field
def test_its_kind_takes_what_the_model_takes(model: type[Part], field: FormField) -> None:
    declared = model.model_fields[field["key"]]
    assert field["required"] is declared.is_required()
    if field["kind"] in {"part", "parts", "sections"}:
        return
    judge = _judge(declared)
    assert field["examples"], "a field without an example in Korean"
    values = [*field["examples"], *(choice["value"] for choice in field.get("choices", ()))]
    for value in values:
        judge.validate_python(value, context=CONTEXT)
        assert isinstance(value, str) is (field["kind"] not in {"lines", "grid"})
    if field["kind"] == "choice":
        assert {choice["value"] for choice in field["choices"]} >= {*field["examples"], field["absent"]} - {""}
        with pytest.raises(ValidationError):
            judge.validate_python("anything else", context=CONTEXT)
    if field["kind"] == "flag":
        assert field["absent"] == str(declared.default).lower()
    if most := field.get("most"):
        with pytest.raises(ValidationError):
            judge.validate_python(field["examples"][0] * (most + 1), context=CONTEXT)


@each_field
def test_a_text_of_several_lines_is_taken_where_the_form_lets_somebody_write_one(
    model: type[Part], field: FormField
) -> None:
    if field["kind"] not in {"line", "text"}:
        return
    declared = model.model_fields[field["key"]]
    judge = _judge(declared)
    if field["kind"] == "text":
        assert judge.validate_python("가\n\n나\n", context=CONTEXT) == "가\n\n나"
        assert field["markdown"]
    elif field["merge"]:
        assert "{{" in judge.validate_python('{{ subscriber.name | default("님") }}', context=CONTEXT)


def test_translatable_is_what_a_translation_takes() -> None:
    for model, fields in models():
        said = {field["key"] for field in fields if field["translatable"]}
        if model is Issue:
            assert said == set(Translation.model_fields)
        for key in said:
            declared = declared_keys(model)[key]
            assert declared.is_said or declared.parts
    told = {field["key"] for field in FORM["parts"]["Image"] if field["translatable"]}
    assert told == {"alt", "caption", "credit", "licence", "url"}


def test_what_may_be_empty_is_told_apart_from_what_is_missing() -> None:
    """A figure without a value is named and not drawn; its key is there all the same."""
    found = [f"{model.__name__}.{field['key']}" for model, field in FIELDS if field.get("may_be_empty")]
    assert found == ["ChartItem.value"]


def test_words_for_a_picture_are_asked_for() -> None:
    for language, why in (("ko", "화면 낭독기"), ("en", "read aloud")):
        fields = {field["key"]: field for field in form_description(Issue, language)["parts"][Image.__name__]}
        assert fields["alt"]["required"]
        assert fields["alt"]["usual"]
        assert why in fields["alt"]["help"]


@each_type
def test_a_new_section_holds_no_text_and_lacks_nothing_but_required_texts(section: SectionForm, tmp_path: Path) -> None:
    """What is empty in it is told at a field of its own, as is what somebody has not filled in yet."""
    assert _texts(section["fresh"], "type") == set()
    whole = {"title": "제목", "intro": "머리말", "sections": [section["fresh"]]}
    for problem in problems_of(tmp_path, json.dumps(whole, ensure_ascii=False)):
        path = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", problem.path)]
        assert _at(whole, path) == "", problem
        field = _field_at(SECTION_TYPES[section["type"]], path[2:])
        assert field["required"], problem
        assert not field.get("may_be_empty"), problem
        assert field["kind"] in {"line", "text", "address", "picture", "moment"}, problem
        assert str(problem.message) == "must not be empty"


@each_type
def test_filled_in_with_its_examples_it_is_an_issue(section: SectionForm, tmp_path: Path) -> None:
    filled = _filled(section["fresh"], section["fields"])
    (tmp_path / "issues" / "assets" / "2026-12").mkdir(parents=True)
    (tmp_path / "issues" / "assets" / "2026-12" / "cover.png").write_bytes(picture_bytes(64, 32))
    whole = {"title": "제목", "intro": "머리말", "sections": [filled]}
    issue = read_issue(tmp_path, json.dumps(whole, ensure_ascii=False))
    assert [one.type for one in issue.sections] == [section["type"]]


def test_a_type_of_the_workspace_has_its_fields_in_its_own_words() -> None:
    project = own_model("x-project", PROJECT, "section.toml")
    form = form_description(issue_with((project,)), "ko")
    section = form["sections"][-1]
    assert (section["type"], section["label"], section["help"]) == ("x-project", "사업", "한 사업")
    assert section["picture"] is None
    assert [field["key"] for field in section["fields"] if field["usual"]] == [
        "heading",
        "name",
        "ends_at",
        "photo",
        "about",
        "steps",
    ]
    fields = {field["key"]: field for field in section["fields"]}
    assert fields["name"] | {"examples": []} == {
        "key": "name",
        "label": "Name",
        "help": "",
        "kind": "line",
        "required": True,
        "usual": True,
        "markdown": False,
        "merge": True,
        "translatable": True,
        "examples": [],
        "default": "",
    }
    assert (fields["ends_at"]["label"], fields["ends_at"]["help"]) == ("마감", "언제까지인지")
    assert fields["ends_at"]["kind"] == "moment"
    assert (fields["steps"]["kind"], fields["steps"]["of"]) == ("parts", "x-project__steps")
    steps = {field["key"]: field["kind"] for field in form["parts"]["x-project__steps"]}
    assert steps == {"what": "line", "done": "flag", "page": "address", "count": "number"}
    assert section["fresh"] == {
        "type": "x-project",
        "name": "",
        "photo": {"src": "", "alt": ""},
        "steps": [{"what": ""}],
    }
    assert form_description(issue_with((project,)), "en")["sections"][-1]["label"] == "Project"


def test_a_type_without_any_words_is_still_called_something() -> None:
    bare = own_model("x-open-call", '[fields]\nclosing_date = "time"\n', "section.toml")
    section = form_description(issue_with((bare,)), "ko")["sections"][-1]
    assert (section["label"], section["help"]) == ("Open call", "")
    assert {field["key"]: field["label"] for field in section["fields"]}["closing_date"] == "Closing date"


def test_it_is_made_anew_for_every_question() -> None:
    form_description(Issue, "ko")["sections"].clear()
    assert form_description(Issue, "ko-KR") == FORM


def _judge(declared: FieldInfo) -> TypeAdapter[Any]:
    """Judges the value of one key alone."""
    alone: Any = declared.annotation
    return TypeAdapter(Annotated[(alone, *declared.metadata)] if declared.metadata else alone)


def _field_at(model: type[Part], path: Sequence[int | str]) -> FormField:
    """The field of the form at a place of a section."""
    *way, name = [step for step in path if isinstance(step, str)]
    for step in way:
        inside = model_of(declared_keys(model)[step].parts, None)
        assert inside is not None
        model = inside
    fields = next(fields for one, fields in models() if one is model)
    return next(field for field in fields if field["key"] == name)


def _at(data: Any, path: Sequence[int | str]) -> Any:  # noqa: ANN401 - data of a file
    for step in path:
        data = data[step]
    return data


def _texts(data: Any, *left_out: str) -> set[str]:  # noqa: ANN401 - data of a file
    if isinstance(data, Mapping):
        return set().union(*(_texts(value) for key, value in data.items() if key not in left_out))
    if isinstance(data, list):
        return set().union(*map(_texts, data))
    return {data} - {""}


def _filled(fresh: Any, fields: list[FormField]) -> dict[str, Any]:  # noqa: ANN401 - data of a file
    """A new mapping with an example in each of its fields."""
    told = {field["key"]: field for field in fields}
    filled = dict(fresh)
    for key in fresh.keys() & told.keys():
        field = told[key]
        if field["kind"] == "part":
            filled[key] = _filled(fresh[key], FORM["parts"][field["of"]])
        elif field["kind"] == "parts":
            filled[key] = [_filled(one, FORM["parts"][field["of"]]) for one in fresh[key]]
        else:
            filled[key] = field["examples"][0]
    return filled
