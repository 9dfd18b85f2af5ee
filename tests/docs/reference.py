"""The reference in ``docs/reference``: ``python -m tests.docs.reference`` writes it anew from the installed models."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import typer
from pydantic import TypeAdapter

from slacheck.agreement import manual
from slacheck.agreement.keys import Key, keys, parts
from slacheck.agreement.level import kinds
from slacheck.calendars.calendar import MonthDay
from slacheck.calendars.recurring import Recurring
from slacheck.cli import exits
from slacheck.cli.app import app
from slacheck.exclusions.limits import Allowed, Announced
from slacheck.exclusions.spans import Written
from slacheck.fees.fee import NameOrAmount, StretchTerm
from slacheck.language import scalars
from slacheck.language.json_schema import DEFS, Schema, first_paragraph
from slacheck.language.limits import LimitTerm
from slacheck.language.payments import Capped, Paid
from slacheck.language.written import flow
from slacheck.measures.statistics import StatisticTerm
from slacheck.remedies.per_unit import Unit
from slacheck.remedies.remedy import Remedy
from slacheck.reports.json import statement_schema

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "docs/reference"
Part = tuple[str, ...]

_SCALARS: Final[tuple[Any, ...]] = (
    *(scalars.Text, scalars.Name, scalars.Whole, scalars.Length, scalars.Civil, scalars.Interval, scalars.Percentage),
    *(scalars.Amount, scalars.Day, scalars.Compared, scalars.QuantityTerm, Paid, Capped, StretchTerm, NameOrAmount),
    *(Announced, Allowed, Written, Unit, StatisticTerm, LimitTerm, Recurring, MonthDay),
)

_MEASURE: Final = ("service_levels", "measure")
_CREDIT: Final = ("service_levels", "credit")
# A table of points is a credit of a kind, whose keys stand on the page of the kind.
_POINTS: Final = ("settlement", "points")
_PLAIN: Final[Mapping[str, str]] = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "`null`",
}
_BESIDE: Final = "credit-modifiers"
# Pages of parts whose name in the language is not what they are looked for by.
_TITLES: Final = {
    "header": "Header",
    "service_levels": "Service levels",
    "conditions": "Conditions",
    "between": "Instants of a case",
    "corrections": "The file of corrections",
    "claims": "The file of claims",
    _BESIDE: "Beside any credit",
}
_LEADS: Final = {
    "header": "The keys at the top of an agreement.",
    "conditions": "What `where`, `good`, `bad` and `when` hold: columns, and what their cells must be.",
    "between": "What stands in `between` where an instant is not one column.",
    "corrections": "What stands in the file that `corrections` of an agreement names.",
    "claims": "What stands in the file that `claims_made` of a settlement names.",
    _BESIDE: "Keys that stand beside the credit of any kind, in the order in which they are applied.",
}


def page_of(part: Part) -> str:
    """The file of the page on which the keys of a part stand, from the folder of the reference."""
    if not part:
        return "header.md"
    if part[:2] == _POINTS and len(part) > 2:
        return page_of((*_CREDIT, *part[2:]))
    if part[:2] == _MEASURE and len(part) > 2:
        return f"measure-{part[2]}.md"
    if part[:2] == _CREDIT and len(part) > 2:
        beside = len(part) > 3 and part[3] in Remedy.model_fields
        return f"{_BESIDE}.md" if beside else f"credit-{part[2]}.md"
    return f"{part[0].replace('_', '-')}.md"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    found: dict[str, list[tuple[Part, list[Key]]]] = {}
    for part, inside in parts().items():
        if part[:2] == _POINTS and len(part) > 2:
            continue
        found.setdefault(page_of(part), []).append((part, inside))
    written = {name: _page(name, sections) for name, sections in found.items()}
    written["scalars.md"] = _scalars()
    written["command-line.md"] = _command_line()
    written["statement.md"] = _statement()
    return {"README.md": _index(written), **written}


def _page(name: str, sections: Sequence[tuple[Part, list[Key]]]) -> str:
    stem = name.removesuffix(".md")
    first = sections[0][0]
    known = manual.pages()
    kind = next((part[2] for part, _ in sections if part[:2] in (_MEASURE, _CREDIT) and len(part) == 3), "")
    title = kind or _TITLES.get(stem.replace("-", "_"), _TITLES.get(stem, stem.replace("-", " ").capitalize()))
    lines = [f"# {title}", "", "Part of [the reference](README.md)."]
    if stem in _LEADS:
        lines += ["", _LEADS[stem]]
    elif first and not kind:
        lines += ["", *(key.description for key in keys() if key.path == first)]
    of_any = [key for key in parts()[(*_CREDIT, "fixed")] if key.name in Remedy.model_fields and key.name != "kind"]
    if name == f"{_BESIDE}.md":
        lines += ["", *_table(of_any)]
    if kind or (first and first[-1] in known and len(first) == 1):
        lines += ["", _markdown(known[kind or first[-1]])]
    told: set[Part] = set()
    for part, inside in sections:
        if name == f"{_BESIDE}.md" and part[3:] in told:
            continue
        told.add(part[3:])
        if kind:
            inside = [
                key for key in inside if key.name not in Remedy.model_fields or len(part) > 3 or part[1] != "credit"
            ]
        lines += ["", *_section(part, inside, known, heading=part != first or name == f"{_BESIDE}.md")]
        if kind and part[1] == "credit" and len(part) == 3:
            lines += ["", f"And [what stands beside any credit]({_BESIDE}.md)."]
    if stem in ("settlement", _BESIDE):
        beside = parts()[first] if stem == "settlement" else of_any
        told_apart = {part[-1] for part, _ in sections}
        for key in beside:
            if key.name in known and key.name not in told_apart:
                lines += ["", f"## {key.name}", "", _markdown(known[key.name])]
    if stem == "service-levels":
        lines += ["", "## Kinds", "", *_kinds()]
    return "\n".join(lines).rstrip() + "\n"


def _section(part: Part, inside: list[Key], known: dict[str, str], heading: bool) -> Iterator[str]:
    steps = part[3:] if part[:2] in (_MEASURE, _CREDIT) else part[1:]
    if heading:
        yield f"## {'.'.join(steps) or part[-1]}"
        yield ""
        if part[-1] in known and len(part) > 1:
            yield _markdown(known[part[-1]])
            yield ""
    forms = list(dict.fromkeys(key.form for key in inside))
    for form in forms:
        if len(forms) > 1:
            yield f"{'###' if heading else '##'} {form[:1].upper()}{form[1:]}"
            yield ""
        yield from _table([key for key in inside if key.form == form])
        if len(forms) > 1 and form != forms[-1]:
            yield ""


def _table(rows: Sequence[Key]) -> Iterator[str]:
    yield "| key | holds | needed or default | is | example |"
    yield "|---|---|---|---|---|"
    for key in rows:
        default = "needed" if key.needed else f"`{key.default}`" if key.default else ""
        examples = "<br>".join(f"`{key.name}: {_cell(example)}`" for example in key.examples)
        yield f"| `{key.name}` | {_holds(key)} | {default} | {_cell(key.description)} | {examples} |"


def _holds(key: Key) -> str:
    if key.path in (_MEASURE, _CREDIT, _POINTS):
        word = "measure" if key.path == _MEASURE else "credit"
        return f"[a {word} of a kind](service-levels.md#kinds)"
    text = _cell(key.kind).replace("<", "&lt;")
    if key.inside:
        return f"[{text}]({page_of(key.inside[0])}{_anchor(key.inside[0])})"
    if "a condition" in key.kind:
        return f"[{text}](conditions.md)"
    return f"[{text}](between.md)" if key.kind == "two instants" else text


def _anchor(part: Part) -> str:
    """Where the section of a part begins; a page begins with its first part."""
    page = page_of(part)
    if part[:2] == _POINTS:
        part = (*_CREDIT, *part[2:])
    first = next(other for other in parts() if page_of(other) == page)
    if part == first and page != f"{_BESIDE}.md":
        return ""
    steps = part[3:] if part[:2] in (_MEASURE, _CREDIT) else part[1:]
    return "#" + "".join(letter for letter in ".".join(steps) if letter.isalnum() or letter in "_-").lower()


def _kinds() -> Iterator[str]:
    for part, word in ((_MEASURE, "measure"), (_CREDIT, "credit")):
        yield f"Kinds of {word}:"
        yield ""
        for name, kind in kinds().items():
            if (*part, name) in parts():
                yield f"- [{name}]({page_of((*part, name))}): {_prose(first_paragraph(kind.__doc__ or ''))}"
        yield ""


def _markdown(page: str) -> str:
    """A page of the manual: headings in bold, its examples fenced."""
    text = re.sub(r"``", "`", page)
    text = re.sub(r"^(Formula|Order|Units|Clause|Example|Edge cases):", r"**\1.**", text, flags=re.MULTILINE)

    def fenced(found: re.Match[str]) -> str:
        return f"```yaml\n{textwrap.dedent(found[0]).strip()}\n```\n\n"

    return re.sub(r"(?:^ {4}.*\n?)(?:^(?: {4}.*)?\n?)*", fenced, text + "\n", flags=re.MULTILINE).strip()


def _cell(text: str) -> str:
    """Text in a table: a bar would end its cell."""
    return text.replace("|", "\\|")


def _prose(text: str) -> str:
    return " ".join(text.split())


def _scalars() -> str:
    """Every scalar that has a name in words, with how editors tell one."""
    lines = [
        "# Scalars",
        "",
        "Part of [the reference](README.md). Every scalar is text until a key reads it. Letters are exact (`2d` is 48",
        "hours), words are civil (`2 days`). A pattern is what editors check before slacheck reads the text.",
        "",
        "| holds | is | examples | pattern |",
        "|---|---|---|---|",
    ]
    for words, (description, examples, pattern) in sorted(_words().items()):
        shown = "<br>".join(f"`{_cell(flow(example))}`" for example in examples)
        lines.append(f"| {words} | {_cell(description)} | {shown} | {f'`{_cell(pattern)}`' if pattern else ''} |")
    return "\n".join(lines) + "\n"


def _words() -> dict[str, tuple[str, tuple[object, ...], str]]:
    found = {}
    for scalar in _SCALARS:
        schema = TypeAdapter(scalar).json_schema()
        examples = tuple(schema.get("examples", ()))
        found[schema["$comment"]] = first_paragraph(schema["description"]), examples, str(schema.get("pattern", ""))
    return found


def _command_line() -> str:
    command: Any = typer.main.get_command(app)
    lines = ["# Command line", "", "Part of [the reference](README.md).", "", "## Exit codes", "", *_exit_codes()]
    for name, each in sorted(command.commands.items()):
        lines += ["", *_command(name, each)]
    return "\n".join(lines) + "\n"


def _exit_codes() -> Iterator[str]:
    said = (exits.__doc__ or "").split(":", 1)[1].strip().rstrip(".")
    yield "| code | means |"
    yield "|---|---|"
    for code, means in re.findall(r"(\d+) ([^,]+)", said):
        yield f"| {code} | {means} |"


def _command(name: str, command: Any, depth: int = 2) -> Iterator[str]:
    help, *examples = inspect.cleandoc(command.help or "").replace("\b", "").split("\n\n", 1)
    yield f"{'#' * depth} slacheck {name}"
    yield ""
    yield _prose(help)
    if examples:
        lines = [line.strip() for line in examples[0].splitlines() if line.strip()]
        typed = [line for line in lines if line.startswith("slacheck ")]
        told = " ".join(line for line in lines if line not in typed)
        yield from ("", _prose(told)) if told else ()
        yield from ("", "```sh", *typed, "```") if typed else ()
    rows = [
        row
        for parameter in command.params
        if not getattr(parameter, "hidden", False) and (row := _parameter(parameter))
    ]
    if rows:
        yield from ("", "| argument or option | default | is |", "|---|---|---|", *rows)
    for inner, each in sorted(getattr(command, "commands", {}).items()):
        yield ""
        yield from _command(f"{name} {inner}", each, depth + 1)


def _parameter(parameter: Any) -> str:
    if parameter.name == "help":
        return ""
    argument = parameter.param_type_name == "argument"
    value = (
        "" if argument or getattr(parameter, "is_flag", False) else f" {parameter.metavar or parameter.name.upper()}"
    )
    shown = (parameter.metavar or parameter.name.upper()) if argument else ", ".join(parameter.opts) + value
    default = parameter.default
    known = (
        "needed"
        if parameter.required
        else ""
        if default in (None, False, "", (), []) or callable(default)
        else f"`{default}`"
    )
    return f"| `{_cell(shown)}` | {known} | {_cell(_prose(parameter.help or ''))} |"


def _statement() -> str:
    schema = statement_schema()
    defs: Schema = schema["$defs"]
    lines = [
        "# The statement as JSON",
        "",
        "Part of [the reference](README.md). `slacheck evaluate --format json` writes it, `slacheck schema statement`",
        "has its JSON Schema. A field that may hold `null` has nothing to say then.",
        "",
        *_fields(schema),
    ]
    for name, model in defs.items():
        lines += ["", f"## {name}"]
        if model.get("description"):
            lines += ["", _markdown(model["description"])]
        if "properties" in model:
            lines += ["", *_fields(model)]
    return "\n".join(lines) + "\n"


def _fields(model: Schema) -> Iterator[str]:
    yield "| field | holds |"
    yield "|---|---|"
    for name, value in model["properties"].items():
        yield f"| `{name}` | {' or '.join(dict.fromkeys(_field(value)))} |"


def _field(value: Schema) -> Iterator[str]:
    if "$ref" in value:
        name = value["$ref"].removeprefix(DEFS)
        yield f"[{name}](#{name.lower()})"
    elif "anyOf" in value or "oneOf" in value:
        for choice in (*value.get("anyOf", ()), *value.get("oneOf", ())):
            yield from _field(choice)
    elif "const" in value:
        yield f"`{value['const']}`"
    elif "enum" in value:
        yield from (f"`{word}`" for word in value["enum"])
    elif value.get("type") == "array":
        inner = list(dict.fromkeys(_field(value.get("items", {}))))
        yield f"a list of {' or '.join(inner)}" if inner else "a list"
    elif value.get("type") == "object" and isinstance(value.get("additionalProperties"), dict):
        yield f"a mapping to {' or '.join(dict.fromkeys(_field(value['additionalProperties'])))}"
    elif "type" in value:
        kind = str(value["type"])
        yield _PLAIN.get(kind, kind)
    else:
        yield "anything"


def _index(written: dict[str, str]) -> str:
    lines = [
        "# Reference",
        "",
        "Every key, command and field, written from the models that slacheck reads with. [The agreement",
        "language](../language.md) is the introduction to it. `slacheck explain sources.columns` prints the same for",
        "one key, and `slacheck schema` gives it to [editors](../editors.md).",
        "",
    ]
    for name, text in written.items():
        lines.append(f"- [{text.splitlines()[0].removeprefix('# ')}]({name})")
    return "\n".join(lines) + "\n"


def write() -> None:
    """Write every page, and remove those of what there is no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
