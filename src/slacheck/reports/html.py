"""The statement as one HTML page: no network, no script, light and dark, for a phone, a screen and paper."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from slacheck.reports.charts import palette
from slacheck.reports.charts.credits import SERIES, credit_bars
from slacheck.reports.charts.history import history
from slacheck.reports.charts.small import bar, between, squares
from slacheck.reports.charts.strip import NARROW, WIDE, strip
from slacheck.reports.document import document
from slacheck.reports.view import View
from slacheck.statement import Statements

if TYPE_CHECKING:
    from jinja2 import Template

# Shape, word and tint: none of them is needed to understand the others.
_MARKS = {"bad": "▲", "good": "●", "open": "◆", "kpi": "○", "idle": "–"}


def render(statements: Statements, view: View) -> str:
    """The whole page, one newline at its end."""
    documents = [document(each, view, f"s{number}") for number, each in enumerate(statements.statements, 1)]
    return template("statement.html.j2").render(documents=documents, many=len(documents) > 1).rstrip("\n") + "\n"


@cache
def template(name: str) -> Template:
    """A template of this room by its file's name, with the pictures it may draw."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("slacheck.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= _pictures()
    return environment.get_template(name)


def _pictures() -> dict[str, Any]:
    """What a template draws with. A picture escapes its own text, so that the page may take it as it is."""
    from markupsafe import Markup

    def drawn(draw: Any, **fixed: Any) -> Any:
        # The text is a picture of our own, whose words were escaped when it was drawn.
        return lambda values, prefix="": Markup(draw(values, prefix=prefix, **fixed))  # noqa: S704

    variables = {"light": palette.variables(palette.LIGHT), "dark": palette.variables(palette.DARK)}
    return {
        "strip_wide": drawn(strip, width=WIDE),
        "strip_narrow": drawn(strip, width=NARROW),
        "history": drawn(history),
        "credit_bars": drawn(credit_bars),
        "between": drawn(between),
        "squares": drawn(squares),
        "length_bar": drawn(bar),
        "unknown_bar": drawn(bar, kind="bar-unknown"),
        "meter": drawn(bar, kind="used", width=220),
        "marks": _MARKS,
        "series": SERIES,
        "colours": {name: Markup(each) for name, each in variables.items()},  # noqa: S704
        "chart_rules": Markup(palette.page_rules("svg.chart")),  # noqa: S704
    }
