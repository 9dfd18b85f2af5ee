"""Every amount of a statement worked out step by step, as a person would write it on paper: exact, then rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from slacheck.language.quantities import SECOND
from slacheck.money import minor_digits
from slacheck.reports.basis import known
from slacheck.reports.consequences import PARTY, consequences, paid_as, period_name
from slacheck.reports.layout import Page
from slacheck.reports.remarks import intervals, signs
from slacheck.reports.steps import exactly, unreached
from slacheck.reports.view import View
from slacheck.reports.wording import compared, line_name, margin, measured, more, target_text
from slacheck.statement import Amount, Credit, Exact, Line, Statement, Statements, StepShown, Total

# Writes more of a line below what ``render`` says of it, and is told whether it is the first of its level.
Behind = Callable[[Page, Statement, Line, bool], None]
_MARGINS = {"met": "better than the target by", "breached": "worse than the target by", "missed": "off target by"}


def render(statements: Statements, view: View, level: str | None = None, behind: Behind | None = None) -> str:
    """Every statement; of one ``level`` alone where it is given. 60 to 100 columns wide, one newline at the end.

    ``behind`` writes what is behind a line below it.
    """
    page = Page(view)
    for number, statement in enumerate(statements.statements):
        if number:
            page.blank()
            page.rule("═")
            page.blank()
        _statement(page, statement, level, behind)
    if not statements.statements:
        page.text("No statement: no agreement was in force.")
    return "\n".join(page.lines) + "\n"


def _statement(page: Page, statement: Statement, level: str | None, write: Behind | None) -> None:
    agreement, period, total = statement.agreement, statement.period, statement.total
    shown = period.part or period
    page.pair(page.name(agreement.title), period_name(page, period), style="bold")
    if period.part:
        page.pair("", page.name(period.part.title), style="bold")
    parties = f"{page.name(agreement.provider, PARTY)} for {page.name(agreement.customer, PARTY)}"
    page.pair(parties, f"{page.clean(period.timezone)}, {page.figures.length_of_period(shown.start, shown.end)}")
    currency = total.currency if total else ""
    behind = _behind(page, statement)
    told: set[str] = set()
    for line in statement.lines:
        if level is None or line.level == level:
            # What is behind a level is told once, with the first of its lines.
            _line(page, line, currency, behind.pop((line.level, line.of_class), ()))
            if write is not None:
                write(page, statement, line, line.level not in told)
            told.add(line.level)
    if level is not None:
        return
    total_worked_out(page, statement)
    if total is not None:
        page.blank()
    page.text("; ".join(consequences(page, statement)), style="bold")


def total_worked_out(page: Page, statement: Statement, most: int | None = None) -> None:
    """What crosses lines, of at most so many, and the total, each step with its exact value."""
    total = statement.total
    crossing = [line for line in statement.lines if line.credit is not None and line.credit.counted_because]
    if crossing:
        page.head("What crosses lines")
        for line in crossing[:most]:
            _counted(page, line, total.currency if total else "")
        if crossing[most:] and most is not None:
            page.text(f"and {more(page, len(crossing) - most)}; every line is in the JSON", indent=2)
    if total is not None:
        _total(page, total)
        _earned_back(page, total)


def worked_out(page: Page, statement: Statement, line: Line) -> None:
    """How one line came about, as ``render`` tells it."""
    currency = statement.total.currency if statement.total else ""
    _line(page, line, currency, _behind(page, statement).get((line.level, line.of_class), ()))


def _behind(page: Page, statement: Statement) -> dict[tuple[str, str], list[str]]:
    """The records behind each level and class: how many of which source, and how much is known."""
    found: dict[tuple[str, str], list[str]] = {}
    for source in statement.sources:
        for stream in source.streams:
            rows = f"{page.figures.counted(stream.rows, 'row')} of {page.name(source.source, 60)}"
            how_much = known(page, statement, stream)
            for name in stream.levels:
                level, _, of_class = name.partition(", ")
                found.setdefault((level, of_class), []).append(f"{rows}, {how_much}" if how_much else rows)
    return found


def _line(page: Page, line: Line, currency: str, behind: Sequence[str]) -> None:
    role = " (KPI)" if line.role == "kpi" else ""
    page.blank()
    page.pair(line_name(page, line) + role, f"clause {page.name(line.clause, 40)}" if line.clause else "", style="bold")
    _entry(page, "promised", page.glyphs(signs(page.clean(target_text(line)))))
    _entry(page, "measured", f"{measured(page, line)}{_exact_value(page, line)}")
    for text in _from(page, line):
        _entry(page, "", page.clean(text))
    for number, text in enumerate(behind):
        _entry(page, "" if number else "data", text)
    reason = f", {page.clean(line.reason)}" if line.reason else ""
    _entry(page, "verdict", f"{line.verdict.replace('-', ' ')}{_by(page, line)}{reason}")
    if line.credit is not None:
        _credit(page, line, line.credit, currency)


def _entry(page: Page, name: str, text: str) -> None:
    page.pair(text, "", indent=2, lead=f"{name:<10}")


def _by(page: Page, line: Line) -> str:
    words = _MARGINS.get(line.verdict)
    shown = margin(page, line)
    if not words or line.margin_best is None or line.margin_best != line.margin_worst or line.open_above:
        return ""
    off = line.margin_best.fraction
    # A breach by the expected level, or by a rule for few records, says itself what it is.
    return f", {words} {shown.removeprefix('-')}" if off and (off > 0) == (line.verdict == "met") else ""


def _exact_value(page: Page, line: Line) -> str:
    """The exact value where the one shown is not it."""
    if line.best is None or line.worst is None:
        return ""
    if line.best == line.worst:
        return (
            ""
            if line.best.exact and _is_shown(line, line.best.fraction)
            else f", exactly {_exactly(page, line, line.best)}"
        )
    return f", at best {_exactly(page, line, line.best)}, at worst {_exactly(page, line, line.worst)}"


def _is_shown(line: Line, value: Fraction) -> bool:
    """Whether a value is shown without loss: hours to the microsecond, shares and numbers by their digits."""
    if line.unit == "length":
        return value.denominator == 1
    # In plain English, which is read back.
    shown = measured(Page(View()), line).removeprefix("at least ").partition(" ")[0].replace(",", "")
    try:
        return Fraction(shown.removesuffix("%")) == (value * 100 if shown.endswith("%") else value)
    except ValueError:
        return False


def _exactly(page: Page, line: Line, shown: Exact) -> str:
    value = shown.fraction
    if shown.exact is None:
        # Its fraction has more digits than a statement holds.
        places = f"{page.figures.local(shown.decimal)} to 18 places"
        return f"{places}, as a share" if line.unit == "share" else places
    if line.unit == "share":
        return page.figures.local(_percent(value))
    if line.unit == "length":
        return page.figures.local(f"{exactly(value / SECOND)} s")
    words = page.figures.span(value, value, line.unit, compared(line))
    # Days have their noun behind the number.
    noun = words.partition(" ")[2] if line.unit in ("days", "working-days") else ""
    return f"{page.figures.local(exactly(value))} {noun}".strip()


def _percent(value: Fraction) -> str:
    """A share in percent; the fraction behind what does not end is the share itself."""
    shown, sign, _ = exactly(value * 100).partition(" = ")
    fraction = f"{value.numerator}/{value.denominator}"
    unending = shown.endswith("...")
    return f"{shown}%" + (f" = {fraction}" if (sign or unending) and len(fraction) <= 40 else "")


def _from(page: Page, line: Line) -> Iterator[str]:
    """What the value was worked out from."""
    if line.balance:
        parts = [("up", line.balance.up), ("down", line.balance.down), ("unknown", line.balance.unknown)]
        parts += [("excluded", line.balance.excluded), ("outside hours", line.balance.outside)]
        parts += [("future", line.balance.future), ("not in force", line.balance.not_in_force)]
        shown = [f"{page.figures.duration(time)} {name}" for name, time in parts if time or name in ("up", "down")]
        yield f"of {page.figures.duration(line.balance.period)}: {', '.join(shown)}"
    if line.counted and line.counted.rows is not None and line.measure != "count":
        yield f"{page.figures.count(line.counted.good)} good of {page.figures.count(line.counted.total)}"
    yield from intervals(page, line)
    if line.cases:
        cases = line.cases
        early = f", {page.figures.count(cases.early)} too early" if cases.early else ""
        late = "" if cases.late is None else f", {page.figures.count(cases.late - (cases.early or 0))} late"
        within = "" if cases.within is None else f", {page.figures.count(cases.within)} within"
        running = f", {page.figures.count(cases.open)} still open" if cases.open else ""
        yield f"{page.figures.counted(cases.total, 'case')}{within}{late}{early}{running}"


def _credit(page: Page, line: Line, credit: Credit, currency: str) -> None:
    alike = credit.certain and credit.most is not None and credit.least.steps == credit.most.steps
    cases: list[tuple[str, Amount | None]] = [("", credit.least)] if alike else []
    if not alike:
        cases = [("at best", credit.least), ("at worst", credit.most)]
    for name, amount in cases:
        if name:
            _entry(page, name, "")
        if amount is None:
            page.pair(page.name(credit.open_because, 400), "no bound", indent=4, hang=2)
            continue
        _steps(page, amount.steps, line.clause, credit.unit, currency)
        owed = Fraction(amount.amount)
        exact = owed if amount.exact is None else Fraction(amount.exact)
        last = next((Fraction(step.exact) for step in reversed(amount.steps) if step.exact is not None), None)
        if last != owed and exact != owed:
            page.pair("exactly", _amount(exact, credit.unit, currency), indent=4)
        shown = amount.amount + (" points" if credit.unit == "points" else "")
        if credit.unit == "money" and currency:
            shown = page.figures.money(amount.amount, currency)
        page.pair(f"credit {paid_as(credit)}".strip(), shown, indent=4, style="bold")
    if credit.claim_by:
        page.text(f"claim by {page.figures.day(credit.claim_by)}", indent=4)


def _steps(page: Page, steps: Sequence[StepShown], clause: str | None, unit: str, currency: str) -> None:
    """Each step with its exact value at the right."""
    for step in steps:
        words, left = unreached(step)
        if left is not None:
            just = step.exact is not None and Fraction(step.exact) == left
            words += f", {page.figures.local(_amount(left, unit, currency))}, {'just' if just else 'not'} reached"
        text = page.glyphs(signs(page.clean(page.figures.with_money(words, currency))))
        if step.clause and step.clause != clause:
            text += f" (clause {page.name(step.clause, 40)})"
        if step.exact is None:
            page.text(text, indent=4, hang=2)
            continue
        exact = Fraction(step.exact)
        shown = exactly(exact) if step.kind in ("units", "points") else _amount(exact, unit, currency)
        if step.kind == "fee":
            shown = _amount(exact, "money", currency)
        page.pair(text, page.figures.local(shown), indent=4, hang=2)


def _amount(exact: Fraction, unit: str, currency: str) -> str:
    return exactly(exact) if unit == "points" else exactly(exact, minor_digits(currency))


def _counted(page: Page, line: Line, currency: str) -> None:
    credit = line.credit
    assert credit is not None
    name, why = line_name(page, line, 60), page.name(credit.counted_because, 200)
    least, most = credit.counted_least, credit.counted_most
    if credit.unit == "points":
        counts = least if least == most else f"{least} to {most or 'no bound'}"
    elif most is None:
        counts = f"at least {page.figures.money(least, currency)}"
    else:
        counts = page.figures.money_span(least, most, currency)
    page.pair(f"{name}: {why}; counts", counts, indent=2, hang=2)


def _total(page: Page, total: Total) -> None:
    alike = total.certain and total.steps_least == total.steps_most
    for name, steps, amount in (
        (("Total" if alike else "Total at least"), total.steps_least, total.least),
        ("Total at most", total.steps_most, total.most),
    ):
        clauses = {step.clause for step in steps}
        clause = clauses.pop() if len(clauses) == 1 else None
        page.blank()
        page.pair(name, f"clause {page.name(clause, 40)}" if clause else "", style="bold")
        _steps(page, steps, clause, "money", total.currency)
        owed = "no bound" if amount is None else page.figures.money(amount, total.currency)
        page.pair("owed", owed, indent=4, style="bold")
        if alike:
            break


def _earned_back(page: Page, total: Total) -> None:
    """The earlier credits of which a part is returned, and what is kept for later ones."""
    if total.returned or total.bank:
        page.head("Earned back")
    for each in total.returned:
        parts = ", ".join(page.name(part, 40) for part in (each.level, each.of_class, each.subject) if part)
        back = page.figures.money_span(each.least, each.most or each.least, total.currency)
        page.pair(f"of {parts} in {page.name(each.period, 40)}", back, indent=4, hang=2)
    for kept in total.bank:
        left = page.figures.money_span(kept.left_least, kept.left_most or kept.left_least, total.currency)
        until = f", until {page.figures.day(kept.until)}" if kept.until else ""
        page.pair(f"kept of what was earned in {page.name(kept.earned, 40)}{until}", left, indent=4, hang=2)
