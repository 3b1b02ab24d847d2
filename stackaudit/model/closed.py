"""The base of everything that people write: stack files and vendor manifests."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Closed(BaseModel):
    """A part that knows its fields: unknown ones are refused, those that start with ``x-`` belong to the author."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_extensions(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {k: v for k, v in data.items() if not (isinstance(k, str) and k.startswith("x-"))}
        return data
