"""Who reads what: every word of an agreement that reads a column of a source, how it is read, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from slacheck.agreement.agreement import Agreement
from slacheck.agreement.level import OF_CLASS, Promised
from slacheck.agreement.settlement_terms import OnePer
from slacheck.fees.fee import RegisterFee
from slacheck.language.conditions import Condition
from slacheck.language.moments import Between
from slacheck.language.quantities import Comparison
from slacheck.measures.elapsed import Elapsed
from slacheck.measures.measure import Dated, OfRecords
from slacheck.measures.rates import Rate
from slacheck.measures.share_within import ShareWithin
from slacheck.measures.statistic import ValueStatistic
from slacheck.outages.rule import Outage
from slacheck.remedies.remedy import per_columns
from slacheck.sources.forms import ROLES
from slacheck.sources.holding import Division, Held, divided
from slacheck.sources.words import Words

Steps = tuple[str | int, ...]
As = Literal["text", "number", "instant"]

# Columns that every record of a shape has by itself.
_OWN_INSTANTS = {"samples": "at", "counts": "at", "events": "start"}


@dataclass(frozen=True)
class Use:
    """A word that reads the records of ``source``; ``steps`` lead to where it stands."""

    source: str
    word: str
    read_as: As
    steps: Steps


def sources_of(agreement: Agreement, promised: Promised) -> tuple[str, ...]:
    """The sources whose records a promise reads, as far as they exist."""
    measure = promised.promise.measure
    if not isinstance(measure, OfRecords):
        return ()
    rule = agreement.outages.get(measure.from_)
    names = rule.from_ if rule else (measure.from_,)
    return tuple(name for name in names if name in agreement.sources)


def conditions(agreement: Agreement, source: str) -> Iterator[tuple[Condition, Steps]]:
    """Every condition that reads records of ``source``, with the keys that lead to it."""
    own = agreement.sources[source]
    for key in ("where", "good", "bad"):
        condition = getattr(own, key)
        if condition is not None:
            yield condition, ("sources", source, key)
    for name, exclusion in agreement.exclusions.items():
        if exclusion.from_ == source and exclusion.where is not None:
            yield exclusion.where, ("exclusions", name, "where")
    for name, outage in agreement.outages.items():
        if source in outage.from_:
            for key, condition in (("where", outage.where), ("when", outage.condition)):
                if condition is not None:
                    yield condition, ("outages", name, key)
    for promised in agreement.promised():
        if source in sources_of(agreement, promised):
            yield from _of_promise(promised)


def _of_promise(promised: Promised) -> Iterator[tuple[Condition, Steps]]:
    measure = promised.promise.measure
    steps: Steps = (*promised.steps, "measure")
    if isinstance(measure, OfRecords) and measure.where is not None:
        yield measure.where, (*steps, "where")
    if isinstance(measure, Rate):
        for key, condition in (("good", measure.good), ("bad", measure.bad)):
            if condition is not None:
                yield condition, (*steps, key)
    if promised.promise.where is not None:
        yield promised.promise.where, (*promised.steps, "where")
    of_class = promised.level.of_class(promised.of_class)
    if of_class is not None:
        said = promised.promise.of_class is not None
        yield of_class, (*promised.steps, OF_CLASS) if said else ("service_levels", promised.level_name, "by")


def uses(agreement: Agreement) -> Iterator[Use]:
    """Every use of a word beside the roles of a source's own shape."""
    for source in agreement.sources:
        for condition, steps in conditions(agreement, source):
            yield from (Use(source, word, "text", steps) for word in condition.equalled())
            yield from (Use(source, word, "number", steps) for word in condition.compared())
    for name, rule in agreement.outages.items():
        for source in rule.from_:
            if source in agreement.sources:
                yield from _of_rule(agreement, source, rule, ("outages", name))
    for promised in agreement.promised():
        for source in sources_of(agreement, promised):
            yield from _by_promise(agreement, source, promised)
    for name, fee in agreement.fees.items():
        if isinstance(fee, RegisterFee) and fee.from_ in agreement.sources:
            at: Steps = ("fees", name, "column")
            yield Use(fee.from_, fee.column, "number", at)
            yield from (Use(fee.from_, word, "text", at) for word in fee_facts(agreement, fee.from_))
    yield from credit_uses(agreement)


def fee_facts(agreement: Agreement, register: str) -> tuple[str, ...]:
    """The mapped columns beside the key by which the fees of a line may be told: words that levels tell records by."""
    source = agreement.sources[register]
    amounts = {fee.column for fee in agreement.fees.values() if isinstance(fee, RegisterFee) and fee.from_ == register}
    told: set[str] = set()
    for promised in agreement.promised():
        if promised.level.per is not None and promised.level.per.column is not None:
            told.add(promised.level.per.column)
        told |= {word for condition, _ in _of_promise(promised) for word in condition.equalled()}
        for name in sources_of(agreement, promised):
            where = agreement.sources[name].where
            told |= set(where.equalled()) if where is not None else set()
    return tuple(sorted(told & source.columns.keys() - {*source.key, *ROLES["register"], *amounts}))


def credit_uses(agreement: Agreement) -> Iterator[Use]:
    """Every use of a word by a credit."""
    for promised in agreement.promised():
        yield from _by_credit(agreement, promised)


def _by_credit(agreement: Agreement, promised: Promised) -> Iterator[Use]:
    """What a credit reads: of the records where each has a line of its own, otherwise of the registers of subjects."""
    words = _credit_words(promised)
    per, steps = promised.level.per, (*promised.steps, "credit")
    kinds: tuple[tuple[As, frozenset[str]], ...] = (("text", words.text), ("number", words.numbers))
    for read_as, some in kinds:
        for word in sorted(some):
            of_records = per is not None and per.record is not None
            read = sources_of(agreement, promised) if of_records else subject_registers(agreement, promised, word)
            yield from (Use(source, word, read_as, steps) for source in read)


def _credit_words(promised: Promised) -> Words:
    credit = promised.promise.credit
    return Words() if credit is None else credit.words()


def subject_registers(agreement: Agreement, promised: Promised, word: str) -> tuple[str, ...]:
    """The registers that have ``word`` as a fact of each subject of a level; without a key, of all there is.

    One is what a credit can be worked out with; ``registers.facts`` and ``registers.figures`` look it up.
    """
    per = promised.level.per
    key = (per.column,) if per is not None and per.column is not None else ()
    return tuple(
        name
        for name, source in agreement.sources.items()
        if source.shape == "register" and source.key == key and "at" not in source.columns
        if word in source.columns and word not in key and word not in ROLES["register"]
    )


def settlement_words(agreement: Agreement) -> Words:
    """The words by which the settlement tells records apart, and the instants from which a claim counts."""
    terms = agreement.settlement
    text = set(per_columns(terms.cap))
    if isinstance(terms.combine, OnePer):
        text.add(terms.combine.one_per)
    return Words(text=frozenset(text), instants=frozenset(claim.known for claim in terms.claim if claim.known))


def _fee_keys(agreement: Agreement) -> frozenset[str]:
    """The words that lead from a record to its own fee in a register."""
    registers = {
        fee.from_ for fee in agreement.fees.values() if isinstance(fee, RegisterFee)
    } & agreement.sources.keys()
    keys = (word for name in registers for word in (*agreement.sources[name].key, *fee_facts(agreement, name)))
    return frozenset(keys)


def record_words(agreement: Agreement, promised: Promised, known: Collection[str]) -> Words:
    """The words that each record of a level is asked for: what its credit reads and, of what is read across levels,
    the words ``known`` of its records. Nothing where records have no line of their own."""
    per = promised.level.per
    if per is None or per.record is None:
        return Words()
    crossing, here = _crossing(agreement), frozenset(known)
    return _credit_words(promised) | Words(text=crossing.text & here, instants=crossing.instants & here)


def _crossing(agreement: Agreement) -> Words:
    """What is read of the records of every level that has lines for them, where they have it."""
    return settlement_words(agreement) | Words(text=_fee_keys(agreement))


def _moments(source: str, between: Between, steps: Steps) -> Iterator[Use]:
    return (Use(source, word, "instant", steps) for word in between.words())


def _of_rule(agreement: Agreement, source: str, rule: Outage, steps: Steps) -> Iterator[Use]:
    if rule.between is not None:
        yield from _moments(source, rule.between, (*steps, "between"))
    if rule.quorum is not None:
        yield Use(source, rule.quorum.column, "text", (*steps, "quorum"))
    if rule.weight is not None:
        yield Use(source, rule.weight.affected, "number", (*steps, "weight", "affected"))
        yield Use(source, rule.weight.total, "number", (*steps, "weight", "total"))
    shape = agreement.sources[source].shape
    if "cause" in agreement.sources[source].columns and shape != "events":
        yield Use(source, "cause", "text", steps)


def _by_promise(agreement: Agreement, source: str, promised: Promised) -> Iterator[Use]:
    level, measure = promised.level, promised.promise.measure
    steps: Steps = (*promised.steps, "measure")
    if level.per is not None and level.per.column is not None:
        yield Use(source, level.per.column, "text", ("service_levels", promised.level_name, "per"))
    if isinstance(measure, Dated) and measure.dated_by is not None:
        word = measure.dated_by
        shape = agreement.sources[source].shape
        if word != _OWN_INSTANTS.get(shape) and (shape, word) != ("events", "end"):
            yield Use(source, word, "instant", (*steps, "dated_by"))
    if isinstance(measure, (ShareWithin, Elapsed)) and measure.between is not None:
        yield from _moments(source, measure.between, (*steps, "between"))
        if measure.paused is not None:
            yield Use(source, measure.paused, "number", (*steps, "paused"))
    if isinstance(measure, (ShareWithin, ValueStatistic)) and measure.value is not None:
        plain = agreement.sources[source].shape == "samples" and measure.value == "value"
        if not plain:
            yield Use(source, measure.value, "number", (*steps, "value"))
    if isinstance(measure, ShareWithin) and isinstance(measure.limit, Comparison):
        yield from (Use(source, word, "number", (*steps, "limit")) for word in measure.limit.columns)
    for name in promised.promise.excluding:
        exclusion = agreement.exclusions.get(name)
        for word in exclusion.columns if exclusion else ():
            yield Use(source, word, "text", ("exclusions", name, "matching"))
            if exclusion is not None and exclusion.from_ in agreement.sources:
                yield Use(str(exclusion.from_), word, "text", ("exclusions", name, "matching"))


def words_read(agreement: Agreement, headers: Mapping[str, frozenset[str]] | None = None) -> dict[str, Words]:
    """How every source is read, registers included as if each source held all its words itself.

    ``headers`` are those of its files, if known: what is read across levels is read where there is such a column.
    """
    found: dict[str, Words] = {name: Words() for name in agreement.sources}
    for use in uses(agreement):
        one = frozenset((use.word,))
        found[use.source] |= Words(
            text=one if use.read_as == "text" else frozenset(),
            numbers=one if use.read_as == "number" else frozenset(),
            instants=one if use.read_as == "instant" else frozenset(),
        )
    for name, words in _read_across(agreement, headers or {}).items():
        found[name] |= words
    return found


def _read_across(agreement: Agreement, headers: Mapping[str, frozenset[str]]) -> dict[str, Words]:
    crossing = _crossing(agreement)
    if not crossing.text | crossing.instants:
        return {}
    held = _held(agreement, headers)
    registers = [each for each in held.values() if each.source.shape == "register"]

    def there(words: frozenset[str], name: str) -> frozenset[str]:
        own = held[name]
        return frozenset(w for w in words if w in own or any(register.tells(w, own) for register in registers))

    return {
        name: Words(text=there(crossing.text, name), instants=there(crossing.instants, name))
        for promised in agreement.promised()
        if promised.level.per is not None and promised.level.per.record is not None
        for name in sources_of(agreement, promised)
    }


def dating_word(agreement: Agreement, source: str) -> str | None:
    """The word of the instant that dates the cases of ``source``: that of the first promise which reads them."""
    for promised in agreement.promised():
        if source in sources_of(agreement, promised):
            measure = promised.promise.measure
            if isinstance(measure, Dated) and measure.dated_by is not None:
                return measure.dated_by
            if isinstance(measure, (ShareWithin, Elapsed)) and measure.between is not None:
                return measure.between.start.words[0]
            rule = agreement.outages.get(measure.from_) if isinstance(measure, OfRecords) else None
            if rule is not None and rule.between is not None:
                return rule.between.start.words[0]
    return None


def register_targets(agreement: Agreement) -> Iterator[tuple[str, Promised]]:
    """Every target that is a column of a register, with its word."""
    for promised in agreement.promised():
        if promised.promise.target.column:
            yield promised.promise.target.column, promised


def divisions(agreement: Agreement, headers: Mapping[str, frozenset[str]]) -> dict[str, Division]:
    """Who is asked for the words of each source: itself, or registers. ``headers`` are those of its files, if known."""
    held = _held(agreement, headers)
    registers = {name: each for name, each in held.items() if each.source.shape == "register"}
    return {
        name: divided(words, held[name], registers)
        for name, words in words_read(agreement, headers).items()
        if agreement.sources[name].shape != "register"
    }


def _held(agreement: Agreement, headers: Mapping[str, frozenset[str]]) -> dict[str, Held]:
    # Before any file is looked at, a key that nobody maps may well be a header of the records.
    keys = frozenset(word for source in agreement.sources.values() for word in source.key)
    return {
        name: Held(source, headers.get(name, frozenset() if source.shape == "register" else keys))
        for name, source in agreement.sources.items()
    }


def words_of(agreement: Agreement, divided_by: Mapping[str, Division]) -> dict[str, Words]:
    """What each source must be opened with, registers with what others ask of them."""
    found = {name: division.own for name, division in divided_by.items()}
    read = words_read(agreement)
    found |= {name: read[name] for name, source in agreement.sources.items() if source.shape == "register"}
    for division in divided_by.values():
        for register, words in division.registers.items():
            found[register] |= words
    for word, _ in register_targets(agreement):
        for name, source in agreement.sources.items():
            if source.shape == "register" and word in source.columns:
                found[name] |= Words(numbers=frozenset((word,)))
    return found
