"""What every mapping of an issue file has in common. Touches: nothing."""

from pydantic import BaseModel, ConfigDict, model_validator


class Part(BaseModel):
    """A mapping of the file: unknown keys are errors, an empty value of an optional key counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_the_empty(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {key: value for key, value in data.items() if value != "" or key not in optional}
