"""A file beside an agreement: one key with a list of entries, such as corrections or claims."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from slacheck.language.places import problems_of
from slacheck.language.terms import Terms
from slacheck.language.yaml_text import Document, read_file
from slacheck.problems import AgreementError

Model = TypeVar("Model", bound=Terms)


def read_entries(path: Path, label: str, model: type[Model], key: str) -> tuple[Model, Document, str]:
    """The entries below ``key`` as ``model``, their document, and the SHA-256 of the file's bytes.

    Raises AgreementError with every problem of the file that it alone shows.
    """
    try:
        document = read_file(path, label)
        read = model.model_validate(document.data)
    except ValidationError as error:
        raise AgreementError(problems_of(error, model, document)) from None
    except AgreementError as error:
        raise AgreementError(
            replace(each, help=f"start with '{key}:' and a list") if "slacheck: 1" in each.help else each
            for each in error.problems
        ) from None
    return read, document, document.digest
