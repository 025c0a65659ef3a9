"""What is found: a title and up to three sentences per figure, section and first page.

`trialkit.prose.rules` says which rules hold of a frame, and with which numbers;
`data/wording/findings.toml` says them: the first title that holds and fits. A finding
counts what is registered, and says nothing on benefit or harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, NamedTuple

import pandas as pd

from trialkit import summarize
from trialkit.errors import ParameterError, TrialDataError
from trialkit.escape import markdown_text, plain_text
from trialkit.figures import FIGURES
from trialkit.nearest import did_you_mean
from trialkit.plural import capital
from trialkit.prose import (
    rules,
    rules_on_design,
    rules_on_participants,
    rules_on_routes,
    rules_on_time,
)
from trialkit.prose.numerals import Number, Share
from trialkit.prose.part import SOME_CELLS, of_part
from trialkit.prose.rules import Markdown, Rules, wording
from trialkit.summarize.counted import Day
from trialkit.summarize.subject import gives_cells, shows_others
from trialkit.tidy.trials import Trials

#: A title is no longer than this, and a finding has no more sentences.
MOST_CHARACTERS, MOST_SENTENCES = 95, 3


@dataclass(frozen=True)
class Finding:
    """What a frame shows: plain `title`, Markdown `sentences`, and their `numbers`.

    `told` has every sentence by its rule. `heading` is the title in other words, for
    the section that holds the figure, and `clause` what it can end on; `rules` are
    those of title, heading and clause. `also` has by rule what a section says where its
    heading tells the rest.
    """

    title: str
    told: Mapping[str, str]
    numbers: Mapping[str, Any]
    heading: str = ""
    clause: str = ""
    rules: tuple[str, str, str] = ("", "", "")
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The first three sentences."""
        return tuple(self.told.values())[:MOST_SENTENCES]


def finding(name: str, frame: pd.DataFrame, n_all: int = 0) -> Finding:
    """Return the finding of a figure, a table or a count, from its summary frame.

    Where `n_all`, the trials shown, are more than those that the frame counts, each
    share says that it is one of the trials that give cells.

    Examples
    --------
    >>> import trialkit as tk
    >>> finding("cell_type", tk.count(tk.load_example(), by="cell_type")).title
    '27 of 38 trials give mesenchymal stromal cells'
    """
    if name not in _KINDS:
        raise ParameterError(f"no finding {name!r}; {did_you_mean(name, list(_KINDS))}")
    kind, make = _KINDS[name]
    base = "n_usable" if kind == "changes" else "n_trials"
    size = frame.attrs.get("n_total", frame.attrs[base])
    held = make(frame) if size or kind == "flow" else {"empty": {}}
    counted = frame.attrs.get("n_total", frame.attrs.get("n_trials", n_all))
    if SOME_CELLS in held or counted < n_all:
        held = of_part(held)
    title_rule, title = _first("titles", name, kind, held)
    heading_rule, heading = _first("headings", name, kind, held)
    clause_rule, clause = _first("clauses", name, kind, held)
    told = {
        key: capital(_filled(template, held, key, markdown_text))
        for key, template in _templates("sentences", name, kind).items()
        if key in held
    }
    also = {
        key: _filled(template, held, f"also_{key}", markdown_text)
        for key, template in _templates("also", name, kind).items()
        if f"also_{key}" in held
    }
    used = ("", title_rule, heading_rule, clause_rule, *told)
    rules_of = (title_rule, heading_rule or title_rule, clause_rule)
    numbers = _numbers(held, used)
    return Finding(title, told, numbers, heading or title, clause, rules_of, also)


def _templates(table: str, name: str, kind: str) -> Mapping[str, str]:
    own = wording()[table]
    return own.get(name) or own.get(kind, {})


def _first(table: str, name: str, kind: str, held: Rules) -> tuple[str, str]:
    """Return the first rule of a table that holds and whose text fits, and the text."""
    for key, template in _templates(table, name, kind).items():
        if key in held:
            text = _filled(template, held, key, plain_text)
            if len(text) <= MOST_CHARACTERS:
                return key, text if table == "clauses" else capital(text)
    return "", ""


def _filled(template: str, held: Rules, key: str, safe: Callable[[object], str]) -> str:
    """Return a template with the values of a rule, text of records made `safe`."""
    values: dict[str, object] = {}
    for name, value in {**held.get("", {}), **held[key]}.items():
        if isinstance(value, Share):
            values[name] = replace(value, tail=safe(value.tail))
        elif isinstance(value, str) and not isinstance(value, Markdown):
            values[name] = safe(value)
        else:
            values[name] = Number(value) if isinstance(value, int) else value
    try:
        # Not `split()`: a percentage keeps its blank that does not break.
        return " ".join(filter(None, template.format_map(values).split(" ")))
    except KeyError as error:
        told = f"findings.toml: no number {error} for the template “{template}”"
        raise TrialDataError(told) from None
    except (AttributeError, IndexError, ValueError) as error:
        told = f"findings.toml: no template, “{template}”: {error}"
        raise TrialDataError(told) from None


def _numbers(held: Rules, used: tuple[str, ...]) -> dict[str, Any]:
    """Return the values of the rules that are told, by `rule.name`; shares as two."""
    made: dict[str, Any] = {}
    for key in used:
        for name, value in held.get(key, {}).items():
            if isinstance(value, Share):
                made |= {f"{key}.{name}": value.n, f"{key}.{name}_of": value.total}
                made |= {f"{key}.{name}_tail": value.tail} if value.tail else {}
            else:
                made[f"{key}.{name}"] = value
    return made


def _on_axis(kind: str, make: Callable[..., Rules], **axes: str) -> dict[str, Any]:
    return {name: (kind, partial(make, axis=axis)) for name, axis in axes.items()}


def _matrix(
    kind: str, a: str, b: str, *options: Any
) -> tuple[str, Callable[..., Rules]]:
    return kind, lambda frame: rules.pairs(frame, (a, b), *options)


_KINDS: dict[str, tuple[str, Callable[[pd.DataFrame], Rules]]] = {
    **_on_axis(
        *("counts", rules.counts),
        **{name: name for name in ("cell_type", "cell_source", "phase_group")},
        **dict.fromkeys(("condition_group", "conditions"), "condition_group"),
        route_family="route_family",
        cell_types="cell_type",
        cell_sources="cell_source",
        phases="phase_group",
        statuses="status",
        countries="country",
        cities="city",
        sponsor_classes="lead_sponsor_class",
        endpoints="domain",
        interventions="intervention",
    ),
    "routes": ("counts", partial(rules.counts, axis="route_group", n="n_trials")),
    "donor": ("counts", partial(rules.counts, axis="relation", name="donor")),
    "overall_status": ("counts", rules.statuses),
    "landscape_strip": ("counts", rules_on_routes.strip),
    "strip_by_phase": ("counts", rules_on_design.phases_of_trials),
    "design": ("design", rules_on_design.design),
    "design_features": ("counts", rules_on_design.features),
    "enrollment_group": ("classes", rules_on_participants.classes),
    "enrollment_classes": ("classes", rules_on_participants.classes),
    "phase_by_route": _matrix("rows", "route_group", "phase_group"),
    "status_by_route": _matrix("rows", "route_group", "status", "n", "", False),
    "source_by_route": _matrix(
        *("pairs", "cell_source", "route_group", "n_trials", "n_of_source")
    ),
    "source_by_phase": _matrix("pairs", "cell_source", "phase_group"),
    "type_by_source": _matrix("pairs", "cell_type", "cell_source", "n", "", False),
    "donor_by_source": _matrix("pairs", "cell_source", "relation", "n", "", False),
    "condition_by_route": _matrix(
        *("pairs", "condition_group", "route_group", "n", "n_trials")
    ),
    **_on_axis(
        *("sizes", rules_on_participants.sizes),
        enrollment="route_family",
        enrollment_by_type="cell_type",
        enrollment_by_phase="phase_group",
    ),
    **_on_axis(
        *("years", rules_on_time.years),
        starts_by_year="route_family",
        source_by_year="cell_source",
        phase_by_year="phase_group",
        start_years="phase_group",
    ),
    "cumulative_enrollment": ("cumulative", rules_on_time.cumulative),
    "doses": ("doses", rules_on_design.doses),
    "dose_stated": ("dose_stated", rules_on_design.dose_stated),
    "condition_starts": ("largest", rules_on_time.largest),
    "timeline": ("timeline", rules_on_time.timeline),
    "concentration": ("concentration", rules_on_participants.concentration),
    "overdue": ("overdue", rules_on_time.overdue),
    "durations": ("durations", rules_on_time.durations),
    "record_flow": ("flow", rules.flow),
    **dict.fromkeys(("completeness", "gaps"), ("gaps", rules.left_out)),
    "key_facts": ("gaps", rules.facts),
    "trial_lines": ("lines", rules_on_time.lines),
    "route_comparisons": ("comparisons", rules_on_routes.comparisons),
    "planned_actual": ("changes", rules_on_time.planned_actual),
    "schedule_changes": ("changes", rules_on_time.schedule_changes),
    "status_runs": ("changes", rules_on_time.status_runs),
    "results_reporting": ("results", rules_on_time.results),
    "stale_records": ("stale", rules_on_time.stale),
}


#: Tables and facts that have findings, with the names of their options.
_TABLES = {
    **{
        "endpoints": (),
        "route_comparisons": (),
        "trial_lines": (),
        "interventions": (),
    },
    **dict.fromkeys(("results_reporting", "stale_records", "key_facts"), ("as_of",)),
}


def finding_of(name: str, data: Trials, *, as_of: Day, earlier: Any = None) -> Finding:
    """Return the finding of a figure, table or count of trials themselves."""
    known = {"as_of": as_of, "earlier": earlier}
    if name in FIGURES:
        frame = FIGURES[name].frame_of(data, **known)
    elif name in _TABLES:
        options = {option: known[option] for option in _TABLES[name]}
        frame = getattr(summarize, name)(data, **options)
    else:
        frame = summarize.count(data, by=name)
    return finding(name, frame, len(data.counted()))


class Section(NamedTuple):
    """What stands above the figures of a section: word, heading, Markdown lede."""

    word: str
    heading: str
    lede: str


def section(name: str, data: Trials, *, as_of: Day) -> Section:
    """Return word, heading and lede of a section of the landscape.

    Raises
    ------
    ParameterError
        If there is no such section.
    """
    known = wording()["sections"]
    if name not in known:
        raise ParameterError(f"no section {name!r}; {did_you_mean(name, list(known))}")
    made = _finder(data, as_of)
    heading, said = "", dict[str, tuple[str, ...]]()
    for part in known[name]["heading"]:
        found, is_first = made(part), not heading
        longer = found.heading if is_first else f"{heading}; {found.clause}"
        if is_first or (found.clause and len(longer) <= MOST_CHARACTERS):
            # The figure of the first stands below, with its own title.
            heading = longer
            said[part] = found.rules[1::-1] if is_first else found.rules[2:]
    told = _told(known[name]["lede"], made, said)[:MOST_SENTENCES]
    return Section(known[name]["word"], heading, " ".join(told))


def key_sentences(data: Trials, as_of: Day) -> list[tuple[str, str]]:
    """Return the key sentences of the first page, each with the word before it.

    A field without cells has its routes "not assessed", its conditions and its phases
    instead of its cells, and no word of cells.
    """
    said = wording()["key"]
    if not len(data.counted().trials):
        return [("Trials", said["no_trials"])]
    on_cells = gives_cells(data)
    made = _finder(data, as_of)
    parts = said["cells" if on_cells else "other"]
    told = {word: " ".join(_told(names, made)) for word, names in parts.items()}
    if not on_cells:
        told["Route"] = said["not_assessed"]
    return [(word, sentence) for word, sentence in told.items() if sentence]


def _finder(data: Trials, as_of: Day) -> Callable[[str], Finding]:
    """Return what makes findings of trials, by name, of all if some give no cells."""
    swap = wording()["without_cells"] if shows_others(data) else {}

    @cache
    def made(name: str) -> Finding:
        return finding_of(swap.get(name, name), data, as_of=as_of)

    return made


def _told(
    parts: list[str],
    made: Callable[[str], Finding],
    said: Mapping[str, Sequence[str]] = {},
) -> list[str]:
    """Return the sentences of `name.rule|rule` that hold, and were not `said`.

    `said` has by finding the rules that a heading, and a title, tell; of a sentence of
    theirs stays what the heading leaves out.
    """
    told: list[str] = []
    for part in parts:
        name, _, keys = part.partition(".")
        found = made(name)
        for key in keys.split("|"):
            if key not in found.told:
                continue
            rules_of = said.get(name, ())
            if {key, *wording()["told_by"].get(key, ())}.isdisjoint(rules_of):
                told.append(found.told[key])
            elif more := found.also.get("two" if "two" in rules_of else key):
                told.append(more)
    return told
