"""The colours of pictures: classes that name what they show, and their values for light, dark and paper."""

from __future__ import annotations

import re
from typing import Final

LIGHT: Final = {
    "ink": "#16181d",
    "soft": "#5a6170",
    "faint": "#d5d9e0",
    "up": "#c9e6d4",
    "down": "#c11f1f",
    "excluded": "#5a6bb5",
    "excluded-ground": "#dfe3f6",
    "unknown": "#b57600",
    "unknown-ground": "#fbeccb",
    "ground": "#ffffff",
    "outside": "#e4e7ec",
    "good": "#1d7a46",
    "open": "#b57600",
    "open-ground": "#f5d9a3",
    "kpi": "#5a6170",
    "series-0": "#2f5597",
    "series-1": "#7ea6d9",
    "series-2": "#3c8d80",
    "series-3": "#8e6bb0",
    "series-4": "#9aa1ad",
}

DARK: Final = {
    "ink": "#eceef2",
    "soft": "#a4abb8",
    "faint": "#3a3f4a",
    "up": "#23513a",
    "down": "#ff6b62",
    "excluded": "#9aa8ec",
    "excluded-ground": "#2b3358",
    "unknown": "#f0b64a",
    "unknown-ground": "#4d3b15",
    "ground": "#14161a",
    "outside": "#2a2e37",
    "good": "#5cc98c",
    "open": "#f0b64a",
    "open-ground": "#6b5120",
    "kpi": "#a4abb8",
    "series-0": "#7fa7ee",
    "series-1": "#4069ab",
    "series-2": "#5fb8a9",
    "series-3": "#b593d6",
    "series-4": "#7b8291",
}

_RULES: Final = """\
text{fill:var(--ink)}
.soft{fill:var(--soft)}.bad-ink{fill:var(--down);font-weight:700}.open-ink{fill:var(--open)}.heavy{font-weight:700}
.axis{stroke:var(--faint);stroke-width:1}.grid{stroke:var(--faint);stroke-width:.6}
.up{fill:var(--up)}.down{fill:var(--down)}.outside{fill:var(--outside)}
.not-in-force,.future{fill:var(--ground);stroke:var(--faint);stroke-width:.8}
.hatch-ground{fill:var(--excluded-ground)}.hatch-line{fill:var(--excluded)}
.dots-ground{fill:var(--unknown-ground)}.dots-dot{fill:var(--unknown)}
.course{fill:none;stroke:var(--soft);stroke-width:1}
.target{stroke:var(--ink);stroke-width:1;stroke-dasharray:4 3}
.met{fill:var(--good)}.breached{fill:var(--down)}.indeterminate{fill:var(--open)}
.not-applicable{fill:none;stroke:var(--soft);stroke-width:1.2}
.missed,.tracked{fill:none;stroke:var(--kpi);stroke-width:1.6}
.nothing{stroke:var(--soft);stroke-width:1}
.between{fill:var(--open-ground)}
.still-open{fill:var(--open-ground);stroke:var(--open);stroke-width:1;stroke-dasharray:3 2}
.series-0{fill:var(--series-0)}.series-1{fill:var(--series-1)}.series-2{fill:var(--series-2)}
.series-3{fill:var(--series-3)}.series-4{fill:var(--series-4)}
.kpi-square{fill:var(--kpi)}.bar{fill:var(--down)}.bar-unknown{fill:var(--unknown)}.bar-ground{fill:var(--outside)}.used{fill:var(--series-0)}
"""


def page_rules(scope: str) -> str:
    """The rules for a page that has the colours as variables, each inside ``scope``, such as ``svg.chart``."""
    return re.sub(r"(?<![\w-])((?:[.][a-z0-9-]+|text)(?=[{,]))", rf"{scope} \1", _RULES).replace("\n", "")


def variables(colours: dict[str, str]) -> str:
    """The colours as variables of a page."""
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def literal_style(family: str, colours: dict[str, str] = LIGHT) -> str:
    """A stylesheet without variables, with the family of fonts, for a picture that stands alone."""
    rules = re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: colours[found[1]], _RULES)
    return f"text{{font-family:{family}}}{rules}".replace("\n", "")
