"""docs/products.md as the presets make it; ``python -m tests.products_page`` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slacheck.sources import presets
from slacheck.sources.presets import Preset, ProductExport
from tests.sources.preset_cases import CASES

PAGE = Path(__file__).parents[1] / "docs" / "products.md"

_HEAD = """# Exports of known products

A source that names the product as its `format` needs no columns: slacheck looks at the file, tells which export of the
product it is, and fills in what the source does not say. What the source says wins; its `columns` and `units` are added
to those of the preset. A file that is no such export is refused with those that are known, and of all files of a source
the export must be the same.

```yaml
sources:
  probes: {path: up-*.json, format: prometheus, hold: 2m}
```

Words that a preset maps may be used like any others (`per: monitor`), and need no use. A column that the export lacks
is empty there: a ticket without `resolved` is open. Samples without a value, or with `NaN` where a product writes it,
were not measured: the state is unknown from then on, neither up nor down, and statistics leave them out and tell how
many (`empty_values: unknown`). A value that must be looked at, such as `+Inf`, is refused.

Each product is one file in [`sources/presets`](../src/slacheck/sources/presets), which this page is made of. How any
other export is described stands under [exports](exports.md).
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_product(presets.preset(name)) for name in presets.names())])


def _product(preset: Preset) -> str:
    return "\n".join([f"## {preset.product}", "", *(line for each in preset.exports for line in _export(preset, each))])


def _export(preset: Preset, export: ProductExport) -> Iterator[str]:
    yield f"**{export.name}**: `{export.call}`"
    yield ""
    if export.refused:
        yield f"Refused: {export.refused}."
        yield ""
        return
    yield "```yaml"
    yield "sources:"
    yield f"  {preset.name}: {{{', '.join(_said(preset, export))}}}"
    yield "```"
    yield ""
    yield f"Recognised by {_recognised(export)}. Filled in:"
    yield ""
    yield "| shape | columns | and |"
    yield "|---|---|---|"
    for shape, fill in export.shapes.items():
        columns = {**fill["columns"], **{role: " or ".join(found) for role, found in export.choose.items()}}
        mapped = ", ".join(f"`{role}`: {_cell(header)}" for role, header in columns.items())
        shared = {"records": list(export.records)} if export.records else {}
        others = {key: value for key, value in {**shared, **fill}.items() if key != "columns"}
        yield f"| `{shape}` | {mapped} | {', '.join(f'`{key}`: {_flow(value)}' for key, value in others.items())} |"
    yield ""
    for caveat in export.caveats:
        yield f"- {caveat}"
    if export.caveats:
        yield ""


def _said(preset: Preset, export: ProductExport) -> Iterator[str]:
    ending = "csv" if export.headers else "json"
    yield f"path: {export.name}.{ending}"
    yield f"format: {preset.name}"
    terms = next((case.terms for case in CASES.values() if (case.preset, case.of) == (preset.name, export.name)), {})
    yield from (f"{key}: {value}" for key, value in terms.items() if not isinstance(value, dict))


def _recognised(export: ProductExport) -> str:
    if export.headers:
        return f"the headers {', '.join(f'`{each}`' for each in export.headers)}"
    places = " or ".join("the document itself" if each == "$" else f"`{each}`" for each in export.inside)
    return f"{', '.join(f'`{each}`' for each in export.keys)} in {places}"


def _cell(header: object) -> str:
    return " and ".join(f"`{each}`" for each in header) if isinstance(header, list) else f"`{header}`"


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_flow(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_flow(each) for each in value)
    return f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
