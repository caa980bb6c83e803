"""A table of data, typed in the issue or in a file of its own. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from newsletter.catalogue import phrase
from newsletter.issue.texts import Cell, DataFile, Flag, NameLine, OneLine
from newsletter.settings.explain import WrongValueError

from .section import Section

MOST_ROWS, MOST_COLUMNS = 100, 12
"""Rows under the header; more is no table for a letter."""


class DataTable(Section):
    """Either `rows` or `data` says what is in it."""

    type: Literal["table"]
    caption: OneLine = ""
    rows: Annotated[tuple[tuple[Cell, ...], ...], Field(min_length=2, max_length=MOST_ROWS + 1)] = ()
    """The first one is the header."""
    data: DataFile = ""
    unit: NameLine = ""
    """Of all figures in it; said under the table."""
    source: NameLine = ""
    row_headers: Flag = False
    """The first cell of each row says what the row is about."""

    @field_validator("rows")
    @classmethod
    def _is_even(cls, rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        width = len(rows[0])
        if width > MOST_COLUMNS:
            raise WrongValueError(phrase("issue.data.has_too_many_columns", most=MOST_COLUMNS))
        for number, row in enumerate(rows, start=1):
            if len(row) != width:
                counts = {"row": number, "cells": len(row), "columns": width}
                raise WrongValueError(phrase("issue.data.row_is_ragged", **counts))
        return rows

    @field_validator("data")
    @classmethod
    def _is_the_only_one(cls, data: str, info: ValidationInfo) -> str:
        if data and info.data.get("rows"):
            raise WrongValueError(phrase("issue.data.stands_beside", other="rows"))
        return data

    @model_validator(mode="after")
    def _has_one(self) -> "DataTable":
        if not (self.rows or self.data):
            raise WrongValueError(phrase("issue.data.needs_one", one="rows"))
        return self
