"""A few figures drawn as bars, as columns or as parts of a whole. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from newsletter.catalogue import phrase
from newsletter.issue.chart_values import ChartValue
from newsletter.issue.part import Part
from newsletter.issue.texts import ColumnName, DataFile, NameLine, OneLine
from newsletter.settings.explain import WrongValueError

from .section import Section

_RESERVED = frozenset({"line"})
_MOST = 100


class ChartItem(Part):
    """One figure; with an empty `value` it is named and not drawn."""

    label: OneLine
    value: ChartValue


class Chart(Section):
    """Either `items` or `data` says what is drawn."""

    type: Literal["chart"]
    kind: Literal["bars", "columns", "share"] = "bars"
    items: Annotated[tuple[ChartItem, ...], Field(max_length=_MOST)] = ()
    data: DataFile = ""
    columns: Annotated[tuple[ColumnName, ...], Field(min_length=2, max_length=2)] = ()
    """Of the file: that of the labels, that of the values. Empty: the first two."""
    unit: NameLine = ""
    source: NameLine = ""
    alt: OneLine = ""
    """What the chart shows, in a sentence."""

    @field_validator("kind", mode="before")
    @classmethod
    def _is_there_already(cls, kind: object) -> object:
        if isinstance(kind, str) and kind in _RESERVED:
            raise WrongValueError(phrase("issue.chart.is_reserved", kind=f"`{kind}`"))
        return kind

    @field_validator("data")
    @classmethod
    def _is_the_only_one(cls, data: str, info: ValidationInfo) -> str:
        if data and info.data.get("items"):
            raise WrongValueError(phrase("issue.data.stands_beside", other="items"))
        return data

    @field_validator("columns")
    @classmethod
    def _are_of_a_file(cls, columns: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if columns and info.data.get("data", "?") == "":
            raise WrongValueError(phrase("issue.chart.columns_are_of_a_file"))
        return columns

    @model_validator(mode="after")
    def _has_one(self) -> "Chart":
        if not (self.items or self.data):
            raise WrongValueError(phrase("issue.data.needs_one", one="items"))
        return self
