"""The base of every model of the language: frozen, unknown keys refused, and our own way to refuse a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

EMPTY = "empty"


def nothing_behind(key: object) -> tuple[str, str]:
    """What is said of a key without a value, and what to do about it."""
    return f"nothing stands behind '{key}'", "write a value, or leave the key out"


class Terms(BaseModel):
    """What people write: frozen, with unknown keys refused. Scalars arrive as text."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_left_open(cls, data: Any) -> Any:
        """A key without a value is no value by default: ``credit:`` with nothing behind it was not finished."""
        if isinstance(data, Mapping):
            for key, value in data.items():
                if value is None:
                    raise refusal(EMPTY, *nothing_behind(key), inside=[key], at="key")
        return data


def refusal(
    code: str, message: str, help: str = "", *, inside: Sequence[str | int] = (), at: str = "value", offset: int = 0
) -> PydanticCustomError:
    """An error that pydantic collects and that a problem is made of later.

    ``inside`` leads from the place pydantic knows to the key that is meant; ``at`` says whether the key or its
    value is pointed at, ``offset`` how many characters into a value of one line.
    """
    return PydanticCustomError(
        code,
        "{said}",
        {"said": message, "help": help, "inside": list(inside), "at": at, "offset": offset},
    )
