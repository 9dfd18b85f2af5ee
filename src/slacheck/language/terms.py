"""The base of every model of the language: frozen, unknown keys refused, and our own way to refuse a value."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class Terms(BaseModel):
    """What people write: frozen, with unknown keys refused. Scalars arrive as text."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(type(lambda: 0),))


def refusal(
    code: str, message: str, help: str = "", *, inside: Sequence[str | int] = (), at: str = "value"
) -> PydanticCustomError:
    """An error that pydantic collects and that a problem is made of later.

    ``inside`` leads from the place pydantic knows to the key that is meant; ``at`` says whether the key or its
    value is pointed at.
    """
    return PydanticCustomError(
        code,
        "{said}",
        {"said": message, "help": help, "inside": list(inside), "at": at},
    )
