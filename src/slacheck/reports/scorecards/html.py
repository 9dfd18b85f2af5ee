"""The scorecard as one HTML page: no network, no script, light and dark, for a phone, a screen and paper."""

from __future__ import annotations

from slacheck.portfolio import Scorecard
from slacheck.reports.html import template
from slacheck.reports.layout import Page
from slacheck.reports.scorecards.telling import STATES, shown
from slacheck.reports.view import View


def render(card: Scorecard, view: View) -> str:
    """The whole page, one newline at its end."""
    return template("scorecard.html.j2").render(card=shown(Page(view), card), states=STATES).rstrip("\n") + "\n"
