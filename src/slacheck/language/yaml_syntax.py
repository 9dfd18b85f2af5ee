"""YAML syntax errors in words for somebody who never read the YAML specification."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from slacheck.problems import Problem

SIGNS = ">|*&!%@`,]}?"


@dataclass(frozen=True)
class Place:
    """Where something stands: line and column from 1, width in characters on that line."""

    line: int
    column: int
    width: int = 1


def problem_at(path: str, lines: Sequence[str], place: Place, code: str, message: str, help: str) -> Problem:
    """A problem with the line it stands on."""
    excerpt = lines[place.line - 1] if place.line <= len(lines) else ""
    return Problem(path, place.line, place.column, code, message, help, excerpt, place.width)


def start_of(event: yaml.Event) -> Any:
    """The mark where an event starts; both parsers set it always, though the stubs let it be missing."""
    return event.start_mark


def end_of(event: yaml.Event) -> Any:
    """The mark where an event ends."""
    return event.end_mark


def glued_key(line: str, start: int) -> tuple[int, str, str] | None:
    """Column, message and help where a ``key:value`` without a blank begins at ``start``."""
    found = re.match(r"(?:- )*([\w-]+):([^ \t:/].*)$", line[start:])
    if not found:
        return None
    key, rest = found.groups()
    if rest[0].isspace():
        message = f"what follows '{key}:' is the character U+{ord(rest[0]):04X}, not a blank"
    else:
        message = f"no blank after the ':' of '{key}'"
    return start + found.start(2), message, f"write {key}: {rest.strip()}"


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


class Syntax:
    """One YAML syntax error in words for somebody who never read the YAML specification."""

    def __init__(
        self, path: str, lines: Sequence[str], last: yaml.Event | None, error: yaml.YAMLError | None, flow: bool
    ) -> None:
        """``last`` is the last event before the error, ``flow`` whether it stands inside brackets or braces."""
        self.path, self.lines, self.last, self.flow = path, lines, last, flow
        context, problem = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
        self.line, self.column = self._point(problem or context)
        self.from_line, self.from_column = self._point(context or problem)
        self.what = str(getattr(error, "problem", None) or error or "")
        self.where = str(getattr(error, "context", None) or "")

    def _point(self, mark: Any) -> tuple[int, int]:
        return (min(mark.line, len(self.lines) - 1), mark.column) if mark else (0, 0)

    def problem(self) -> Problem:
        """The explanation that fits, tried from the most certain to the vaguest."""
        found = (
            self._quote()
            or self._tab()
            or self._sign_in_the_way()
            or self._bracket()
            or self._colon()
            or self._key_without_value()
            or self._block()
        )
        return found or self._at(self.line, self.column, f"this cannot be read as YAML: {self.what}", "")

    def _at(self, line: int, column: int, message: str, help: str, width: int = 1) -> Problem:
        return problem_at(self.path, self.lines, Place(line + 1, column + 1, width), "yaml", message, help)

    def sign(self, line: int, column: int) -> Problem:
        """A value that begins with a sign that YAML keeps for itself."""
        text = self.lines[line]
        before, rest = text[:column], text[column:]
        flow = self.flow or len(re.findall(r"[\[{]", before)) > len(re.findall(r"[\]}]", before))
        ends = re.search(r"[,\]}]" if flow else r"\s#|$", rest[1:])
        value = rest[: ends.start() + 1 if ends else None].strip()
        key = re.sub(r"^\s*(?:[-?]\s+)*", "", re.split(r"[{\[,]", before)[-1] if flow else before).rstrip()
        written = f"{key} {_quoted(value)}" if key.endswith(":") else _quoted(value)
        starts = "value" if before.strip() else "line"
        message = f"the {starts} starts with '{rest[0]}', which YAML reads as its own sign"
        return self._at(line, column, message, f"write {written}", len(value))

    def _sign_in_the_way(self) -> Problem | None:
        about_more_than_a_sign = ("flow mapping", "flow sequence", "block mapping", "block collection", "simple key")
        if any(context in self.where for context in about_more_than_a_sign):
            return None
        line, column = self.from_line, self.from_column
        sign = self.lines[line][column : column + 1]
        if sign in ("]", "}") and not self.lines[line][:column].strip():
            return self._at(line, column, f"this '{sign}' closes nothing", "delete it, or write what it should close")
        if sign and sign in SIGNS:
            return self.sign(line, column)
        if sign == "-" and "entries" in self.what:
            help = f"put the list on its own lines, or write {_quoted(self.lines[line][column:].strip())}"
            return self._at(line, column, "a list cannot begin on the line of its key", help)
        return None

    def _tab(self) -> Problem | None:
        text = self.lines[self.line]
        blank = text[: len(text) - len(text.lstrip())]
        if "\t" in blank and self.column <= len(blank) and ("token" in self.what or "tab" in self.what):
            return self._at(self.line, blank.index("\t"), "a tab in the indentation", "indent with spaces only")
        return None

    def _quote(self) -> Problem | None:
        if "quoted scalar" in self.where or "double-quoted" in self.where:
            if "end of stream" not in self.what and "document" not in self.what:
                help = "write the text in single quotes, where a backslash is just a backslash"
                return self._at(self.line, self.column, "an unknown escape after the backslash", help)
            return self._unclosed("quote", self.from_line, self.from_column, "")
        last = self.last
        if not isinstance(last, yaml.ScalarEvent) or last.style not in ("'", '"') or end_of(last).line != self.line:
            return None
        if self.lines[self.line][end_of(last).column : self.column].strip():
            return None
        start = start_of(last)
        if start.line < self.line:
            return self._unclosed(
                "quote", start.line, start.column, f"; it ends at the next one, on line {self.line + 1}"
            )
        value = self.lines[self.line][start.column :].strip()
        help = "put the whole value in quotes of the other kind" if "'" in value and '"' in value else ""
        help = help or f"write {_quoted(value[1:-1] if value[-1] == value[0] and len(value) > 1 else value)}"
        help = "separate the entries with ','" if "flow" in self.where and last.style == '"' else help
        help = "double a quote inside single quotes, or use double quotes" if last.style == "'" else help
        return self._at(self.line, self.column, "more text after the closing quote", help)

    def _unclosed(self, what: str, line: int, column: int, where: str) -> Problem:
        message = f"the {what} that opens here is not closed{where}"
        return self._at(line, column, message, f"close it with {self._closer(line, column)}")

    def _closer(self, line: int, column: int) -> str:
        sign = self.lines[line][column : column + 1]
        return {"[": "']'", "{": "'}'", "'": "a single quote"}.get(sign, "a double quote")

    def _bracket(self) -> Problem | None:
        if "flow" not in self.where:
            return None
        line, column = self.from_line, self.from_column
        rest = "\n".join((self.lines[line][column:], *self.lines[line + 1 :]))
        depth = 0
        # Quoted text and comments hold no brackets; a quote inside a word is an apostrophe.
        for token in re.finditer(r"""(?<![^\s,:\[{])(?:"[^"]*"|'[^']*')|(?<!\S)#[^\n]*|[\[\]{}]""", rest):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
            if depth == 0 and token[0] in "]}":
                closer = self._closer(line, column)
                help = "separate the entries with ',' and put text that holds ':' in quotes"
                return self._at(self.line, self.column, f"a ',' or {closer} is wanted here", help)
        return self._unclosed("bracket", line, column, "")

    def _colon(self) -> Problem | None:
        if "unexpected ':'" in self.what:
            return self._at(self.line, self.column, "this ':' has a sign after it, not a blank", "write ': '")
        if "mapping values" not in self.what:
            return None
        text, last = self.lines[self.line], self.last
        if isinstance(last, yaml.ScalarEvent) and not last.style and start_of(last).line < self.line:
            start = start_of(last)
            glued = glued_key(self.lines[start.line], start.column)
            if glued:
                return self._at(start.line, glued[0] - 1, glued[1], glued[2])
            if not self.lines[start.line][: start.column].strip(" -"):
                return self._no_colon(start.line, start.column)
            indent = len(text) - len(text.lstrip())
            message = f"this line is indented deeper than line {start.line + 1}, where a value stands already"
            return self._at(
                self.line, indent, message, "give it the indentation of its neighbours", self.column - indent
            )
        key = re.match(r"\s*(?:- )*[^\s:][^:]*:(?= )", text)
        help = "put the whole value in quotes"
        if key and key.end() <= self.column:
            value = re.split(r"\s#", text[key.end() :])[0].strip()
            help = f"write {re.sub(r'^(?:- )+', '', key[0].strip())} {_quoted(value)}"
        return self._at(self.line, self.column, "a second ':' in a value without quotes", help)

    def _key_without_value(self) -> Problem | None:
        if "simple key" not in self.where:
            return None
        line, column = self.from_line, self.from_column
        if glued := glued_key(self.lines[line], column):
            return self._at(line, glued[0] - 1, glued[1], glued[2])
        return self._no_colon(line, column)

    def _no_colon(self, line: int, column: int) -> Problem:
        word = self.lines[line][column:].strip()
        return self._at(line, column, f"no ':' after '{word}'", f"write {word}: and its value", len(word))

    def _block(self) -> Problem | None:
        if "document start" in self.what:
            help = "check the indentation, and that no line '...' or '---' stands above"
            return self._at(self.line, self.column, "this line belongs to nothing above it", help)
        if "block" not in self.where:
            return None
        text = self.lines[self.line]
        before, sign = text[: self.column], text[self.column : self.column + 1]
        if sign in ("]", "}"):
            return self._at(self.line, self.column, f"this '{sign}' closes nothing", "delete it")
        if before.rstrip().endswith(("]", "}")):
            return self._at(
                self.line, self.column, "more text after the closing bracket", "put the whole value in quotes"
            )
        if sign == ":":
            return self._at(self.line, self.column, "a key is missing before this ':'", "write the key before it")
        if sign == "-":
            help = "indent the list under its key, or write a key"
            return self._at(self.line, self.column, "a list item stands among keys", help)
        if "collection" in self.where and self.column <= self.from_column:
            return self._at(self.line, self.column, "a key stands among list items", "start the line with '- '")
        message = "the indentation of this line fits none of the lines above"
        return self._at(self.line, self.column, message, "give it the indentation of its neighbours")
