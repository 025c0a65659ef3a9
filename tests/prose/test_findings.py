"""Findings: each number is recounted in plain loops over made-up trials."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import example_cell_trials, example_trials
from tests.prose import random_frames as made_up
from tests.prose.english import WRONG
from tests.prose.random_frames import NOT_STATED, groups
from tests.prose.test_prose import FORBIDDEN
from tests.trials_by_hand import AS_OF, empty, many, seeds
from trialkit import summarize
from trialkit.errors import ParameterError, TrialDataError
from trialkit.figures import FIGURES
from trialkit.prose import findings
from trialkit.prose.numerals import Share
from trialkit.summarize.statistics import plain_amount

WHOLE = Path(__file__).parents[1] / "data" / "example_findings.md"
#: What `finding_of` makes; other names are of frames that a caller has.
NAMES = [name for name in findings._KINDS if name not in ("conditions", "route_family")]
SHAPES = st.builds(
    made_up.trials,
    n=st.sampled_from([0, 1, 2, 3, 4, 5, 19, 20, 40, 250, 1000]),
    seed=st.integers(0, 10**6),
    levels=st.sampled_from([1, 2, 3, 8, 24]),
    missing=st.sampled_from([0, 0.1, 0.6, 1]),
)
over_shapes = pytest.mark.slow


def any_trials(test):
    return over_shapes(given(SHAPES)(test))


def numbers_of(found, rule):
    """Return the numbers of a rule, None where it does not hold or is not told."""
    own = {
        k.partition(".")[2]: v
        for k, v in found.numbers.items()
        if k.startswith(f"{rule}.")
    }
    return own or None


def share(found, rule, name):
    own = numbers_of(found, rule)
    return own and (own[name], own[f"{name}_of"])


def assert_gap(found, missing, total):
    """Check the trials that do not state it, "silent" where none does."""
    rule, name = ("silent", "all") if missing == total else ("gap", "missing")
    told = share(found, rule, name)
    assert told == ((missing, total) if missing else None)


def assert_plain(found):
    """Check what holds of any finding: fits, is escaped, shares have their base."""
    assert 0 < len(found.title) <= findings.MOST_CHARACTERS
    assert len(found.sentences) <= 3
    for text in (found.title, found.heading, *found.told.values()):
        assert text[0].isupper() or text[0].isdigit() or text[0] == "*"
    assert not any(map(WRONG.search, (found.title, found.heading)))
    assert not any(map(WRONG.search, found.told.values()))
    for text in found.told.values():
        assert not re.search(r"(?<!\\)\||(?<![\\*])\*(?![*])b", text)
    known = set(re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d)", "", str(found.numbers))))
    for text in (found.title, found.heading, *found.told.values()):
        plain = re.sub(r"(?<=\d),(?=\d)|\(\W?\d+\u00a0%\)", "", text)
        assert set(re.findall(r"\d+", plain)) <= known
    shares = [
        (n, found.numbers[f"{name}_of"])
        for name, n in found.numbers.items()
        if f"{name}_of" in found.numbers
    ]
    assert all(0 <= n <= of for n, of in shares)


@any_trials
def test_counts_name_the_largest_level_the_next_and_the_gap(made):
    found = findings.finding("routes", made_up.counts(made))
    assert_plain(found)
    n_of = Counter(level for trial in made for level in groups(trial))
    missing = n_of.pop(NOT_STATED, 0)
    pooled = n_of.pop("Other route", 0)
    if not made:
        assert (found.title, found.sentences) == ("No trials to show", ())
        return
    if not (n_of or pooled):
        assert_gap(found, missing, len(made))
    if not n_of:
        return
    assert_gap(found, missing, len(made))
    most = max(n_of.values())
    first = sorted(level for level, n in n_of.items() if n == most)
    rule = "lead" if len(first) == 1 else "tied" if len(first) <= 6 else "even"
    if rule != "lead" and most == len(made):
        rule = f"{rule}_whole"
    assert share(found, rule, "lead") == (most, len(made))
    assert all(
        other == rule or other not in found.told for other in ("lead", "tied", "even")
    )
    if rule.startswith("even"):
        assert numbers_of(found, rule)["k"] == len(first)
    is_gap = missing > max(most, pooled) and missing * 4 >= len(made)
    assert (
        "state no route" in found.title or "states no route" in found.title
    ) == is_gap
    if rule == "lead":
        rest = re.findall(r"\*\*(\d+)\*\*", numbers_of(found, "lead")["rest"])
        behind = sorted((n for n in n_of.values() if n < most), reverse=True)
        behind += [pooled] if pooled else []
        assert [int(n) for n in rest] == behind[: len(rest)]
        named = behind[:-1] if pooled else behind
        left = max(named[len(rest) :], default=0)
        if "others" in found.told:
            assert share(found, "others", "next") == (left, len(made))


@any_trials
def test_a_matrix_names_its_largest_pair_with_the_total_of_its_row(made):
    found = findings.finding("phase_by_route", made_up.pairs(made))
    assert_plain(found)
    n_of, of_row = Counter(), Counter()
    for trial in made:
        for level in trial.a:
            of_row[level] += 1
            if trial.b:
                n_of[level, trial.b] += 1
    open_trials = sum(not (trial.a and trial.b) for trial in made)
    named = {pair: n for pair, n in n_of.items() if pair[0] != "Other route"} or n_of
    if not named:
        return
    assert_gap(found, open_trials, len(made))
    most = max(named.values())
    first = [pair for pair, n in named.items() if n == most]
    if len(first) == 1:
        assert share(found, "row", "row") == (most, of_row[first[0][0]])
    else:
        known = ("tied_one", "tied_named", "tied", "even")
        told = {rule: share(found, rule, "lead") for rule in known}
        told = {rule: lead for rule, lead in told.items() if lead}
        assert set(told.values()) == {(most, len(made))}
        assert ("even" in told) == (len(made) > 1 and len(first) > 3)
        for rule in told.keys() - {"tied_named"}:
            assert numbers_of(found, rule)["k"] == len(first)
    if every := share(found, "every", "row"):
        n = every[0]
        assert every == (n, n)
        assert n >= 5
        assert any(k == of_row[pair[0]] == n for pair, k in n_of.items())


@any_trials
def test_participants_half_concentration_and_medians(made):
    found = findings.finding("enrollment", made_up.sizes(made))
    assert_plain(found)
    known = sorted((t.size for t in made if t.size is not None), reverse=True)
    missing = len(made) - len(known)
    if known:
        assert_gap(found, missing, len(made))
    if len(known) >= 4 and sum(known):
        hold, held = 0, 0
        for size in known:
            if held * 2 >= sum(known):
                break
            hold, held = hold + 1, held + size
        assert share(found, "concentration", "hold") == (hold, len(made))
        assert share(found, "concentration", "held") == (held, sum(known))
    sized = sorted(filter(None, known))
    if len(sized) >= 4:
        own = numbers_of(found, "median") or numbers_of(found, "median_of_all")
        middle = (sized[(len(sized) - 1) // 2] + sized[len(sized) // 2]) / 2
        assert float(own["median"].replace(",", "")) == middle
        assert own["sized"] == len(sized)
        assert ("median" in found.told) == (len(sized) < len(made))
    medians = {}
    for level in {made_up.family(trial) for trial in made} - {NOT_STATED}:
        own = sorted(t.size for t in made if made_up.family(t) == level and t.size)
        if len(own) >= (4 if len(made) <= 60 else 10):
            medians[level] = (own[(len(own) - 1) // 2] + own[len(own) // 2]) / 2
    if told := numbers_of(found, "types"):
        assert told["people"] == sum(known)
        sums = Counter()
        for t in made:
            sums[t.kind] += t.size or 0
        listed = re.findall(r"\*\*([\d,]+)\*\*", told["types"])
        parts = sorted(filter(None, sums.values()))
        assert sorted(int(n.replace(",", "")) for n in listed) == (
            parts if len(parts) > 1 else []
        )
    told = numbers_of(found, "contrast")
    assert bool(told) == (len(set(medians.values())) > 1)
    if told:
        assert float(told["most"].replace(",", "")) == max(medians.values())
        assert float(told["least"].replace(",", "")) == min(medians.values())


@any_trials
def test_the_class_of_sizes_at_which_half_of_the_trials_are(made):
    data = Counter()
    upper = {
        "0": 0,
        "1–10": 10,
        "11–20": 20,
        "21–50": 50,
        "51–100": 100,
        "101–500": 500,
    }
    for trial in made:
        size = trial.size
        fits = [name for name, end in upper.items() if size is not None and size <= end]
        data[NOT_STATED if size is None else fits[0] if fits else "over 500"] += 1
    order = [name for name in [*upper, "over 500", NOT_STATED] if data[name]]
    frame = pd.DataFrame(
        {"enrollment_group": order, "n": [data[name] for name in order]}
    )
    frame.attrs = {"n_trials": len(made)}
    found = findings.finding("enrollment_group", frame)
    assert_plain(found)
    known = [trial.size for trial in made if trial.size]
    if own := numbers_of(found, "half"):
        n = sum(size <= own["value"] for size in known)
        assert (own["half"], own["half_of"]) == (n, len(known))
        assert ("half_tail" in own) == (len(known) < len(made))
        reach = [sum(size <= end for size in known) for end in upper.values()]
        assert abs(n * 2 - len(known)) == min(
            abs(k * 2 - len(known)) for k in reach if k
        )


@any_trials
def test_the_trials_that_hold_half_and_the_large_ones_of_one_family(made):
    stated = [t for t in made if t.size is not None]
    stated.sort(key=lambda t: -t.size)
    people = sum(t.size for t in stated)
    some = [t for t in stated if t.size]
    frame = pd.DataFrame({"enrollment": [t.size for t in some]})
    frame["enrollment_type"] = [t.kind for t in some]
    before = [sum(t.size for t in some[:i]) for i in range(len(some))]
    frame["is_in_half"] = [n * 2 < people for n in before]
    frame.attrs = {"n_trials": len(made), "n_participants": people}
    frame.attrs |= {"n_zero": len(stated) - len(some)}
    frame.attrs |= {"n_missing": len(made) - len(stated)}
    found = findings.finding("concentration", frame)
    assert_plain(found)
    key, k = "concentration", sum(frame["is_in_half"])
    if len(some) > 100:
        key, k = "largest", 10
    if people:
        assert numbers_of(found, key)["k"] == k
        held = sum(t.size for t in stated[:k])
        assert share(found, key, "held") == (held, people)
    if made and len(stated) < len(made):
        silent = ("silent", "all") if not stated else ("gap", "missing")
        assert share(found, *silent) == (len(made) - len(stated), len(made))
    zero = (len(stated) - len(some), len(made)) if len(stated) > len(some) else None
    assert share(found, "no_one", "zero") == zero
    found = findings.finding("enrollment", made_up.sizes(made))
    large = [made_up.family(t) for t in stated if t.size > 100]
    is_one = len(large) >= 3 and len(set(large)) == 1 and NOT_STATED not in large
    if is_one and len(made) > 3:
        assert numbers_of(found, "large").get("k", len(large)) == len(large)
    else:
        assert not numbers_of(found, "large")


@any_trials
def test_starts_name_the_peak_two_periods_and_what_ends(made):
    found = findings.finding(
        "source_by_year",
        made_up.years(made).rename(columns={"route_group": "cell_source"}),
    )
    assert_plain(found)
    dated = [t for t in made if t.year and t.year <= 2024]
    n_of = Counter(t.year for t in dated)
    if not dated:
        return
    if own := numbers_of(found, "span"):
        assert (
            int(own["first"]) if "first" in own else min(n_of),
            int(own["last"]),
        ) == (min(n_of), max(n_of))
    if own := numbers_of(found, "peak"):
        assert own["years"] == str(max(n_of, key=n_of.get))
        assert own["n"] == max(n_of.values())
    if own := numbers_of(found, "change"):
        for name in ("later", "earlier"):
            low, high = map(int, own[f"{name}_years"].split("–"))
            assert (min(n_of) == low) if name == "earlier" else (high >= max(n_of))
            assert own[name] == sum(low <= t.year <= high for t in dated)
        assert own["later"] + own["earlier"] == own["later_of"] == len(dated)
        assert own["later"] != own["earlier"]
    for rule, beyond in (
        ("ends", lambda t, y: t.year > y),
        ("begins", lambda t, y: t.year < y),
    ):
        if own := numbers_of(found, rule):
            year = int(own["year"])
            same = [
                level
                for level in {t.a[0] for t in dated if len(t.a) == 1}
                if not any(beyond(t, year) for t in dated if t.a == (level,))
                and sum(t.a == (level,) for t in dated) == own["k"]
            ]
            assert same
            assert min(own["k"], sum(beyond(t, year) for t in dated)) >= 5


@any_trials
def test_doses_half_and_range(made):
    found = findings.finding("doses", made_up.doses(made))
    assert_plain(found)
    amounts = sorted(t.amount for t in made if t.amount)
    if len(amounts) < 5:
        return
    for told in (found.told.get("contrast", "cells per"), found.heading):
        assert "cells per" in told  # An amount has its unit in its own sentence.
    own = numbers_of(found, "half")
    value = next(v for v in amounts if sum(a <= v for a in amounts) * 2 >= len(amounts))
    assert own["value"] == plain_amount(value)
    assert (own["half"], own["half_of"]) == (
        sum(a <= value for a in amounts),
        len(amounts),
    )
    if len(made) > len(amounts):
        assert share(found, "gap", "missing") == (len(made) - len(amounts), len(made))


@any_trials
def test_open_trials_past_their_date_and_the_only_routes(made):
    found = findings.finding("timeline", made_up.timeline(made))
    assert_plain(found)
    still = [t for t in made if t.status in made_up.OPEN]
    late = [t for t in still if made_up.is_late(t)]
    unknown = sum(t.status == "UNKNOWN" for t in made)
    if made:
        rule = "open_unknown" if unknown else "open"
        assert share(found, rule, "open") == (len(still), len(made))
        assert share(found, "overdue", "overdue") == (
            (len(late), len(still)) if any(map(made_up.planned, still)) else None
        )
        n = sum(t.kind is None for t in late)
        if late and "overdue" in found.told:
            assert (f"**{n:,}** of these dates" in found.told["overdue"]) == bool(n)
    strip = findings.finding("landscape_strip", made_up.timeline(made))
    assert_plain(strip)
    is_few = len(made) <= 60
    used = Counter(r for t in made if len(t.a) == 1 or not is_few for r in t.a)
    used.pop("Other route", None)
    if own := numbers_of(strip, "alone" if is_few else "lead"):
        if used:
            assert own["lead"] == max(used.values())
    several = sum(len(t.a) > 1 for t in made) if is_few else 0
    assert share(strip, "several", "share") in (None, (several, len(made)))


@any_trials
def test_open_trials_past_their_date_are_counted(made):
    dates = made_up.timeline(made)
    is_open = dates["overall_status"].isin(["RECRUITING", "NOT_YET_RECRUITING"])
    frame = dates[is_open]
    frame.attrs = dates.attrs
    found = findings.finding("overdue", frame)
    assert_plain(found)
    still = [t for t in made if t.status in made_up.OPEN]
    late = sum(map(made_up.is_late, still))
    told = (late, len(still)) if any(map(made_up.planned, still)) else None
    assert share(found, "overdue", "overdue") == told
    silent = sum(made_up.planned(t) is None for t in still)
    told = (silent, len(still)) if silent else None
    assert share(found, "undated", "undated") == told


@any_trials
def test_the_field_that_is_left_out_most(made):
    found = findings.finding("completeness", made_up.completeness(made))
    assert_plain(found)
    fields = ("a", "b", "size", "year", "amount", "status", "end")
    gaps = {f: sum(getattr(t, f) in (None, ()) for t in made) for f in fields}
    most = max(gaps.values())
    if made and most:
        told = next(
            r
            for r in ("two", "lead", "tied", "tied_one", "nameless")
            if numbers_of(found, r)
        )
        assert share(found, told, "gap") == (most, len(made))
    elif made:
        assert found.title.startswith("No item is left out")


@any_trials
def test_years_by_which_half_of_the_participants_are_registered(made):
    known = [t for t in made if t.year and t.size is not None]
    rows = [
        (t.trial_id, pd.Timestamp(t.year, 7, 1), t.size) for t in known for _ in "ab"
    ]
    rows.sort(key=lambda row: row[1])
    frame = pd.DataFrame(rows, columns=["trial_id", "start_earliest", "enrollment"])
    frame["start_earliest"] = pd.to_datetime(frame["start_earliest"])
    frame.attrs = {"n_trials": len(made), "n_usable": len(known)}
    frame.attrs["as_of"] = made_up.AS_OF
    found = findings.finding("cumulative_enrollment", frame)
    assert_plain(found)
    people = sum(t.size for t in known)
    if people and len(known) > 1:
        by = {t.year: sum(o.size for o in known if o.year <= t.year) for t in known}
        year = min(year for year, n in by.items() if n * 2 >= people)
        own = numbers_of(found, "half")
        assert (own["year"], own["held"], own["held_of"]) == (
            str(year),
            by[year],
            people,
        )


@any_trials
def test_changes_since_an_earlier_state(made):
    rows = [
        (t.size, int(t.amount % 97)) for t in made if t.size is not None and t.amount
    ]
    frame = pd.DataFrame(rows, columns=["planned", "actual"]).astype("Int64")
    frame["difference"] = frame["actual"] - frame["planned"]
    frame.attrs = {"n_trials": len(made), "n_usable": len(rows)}
    found = findings.finding("planned_actual", frame)
    assert_plain(found)
    days = [planned - 15 for planned, _ in rows if planned != 15]
    moved = pd.DataFrame({"days": pd.array(days, dtype="Int64")})
    moved.attrs = {"n_trials": len(made), "n_usable": len(days)}
    later = findings.finding("schedule_changes", moved)
    assert_plain(later)
    if rows:
        fewer, more = sum(a < p for p, a in rows), sum(a > p for p, a in rows)
        own = numbers_of(found, "fewer")
        assert (own["fewer"], own["fewer_of"], own["more"]) == (fewer, len(rows), more)
        sums = {"actual": sum(a for _, a in rows), "planned": sum(p for p, _ in rows)}
        assert numbers_of(found, "sums") == sums
        own = numbers_of(later, "later")
        assert own["later"] == sum(n > 0 for n in days) == len(days) - own["earlier"]


def test_what_is_told_of_the_records_of_the_example_trials():
    data, as_of = example_cell_trials().counted(), "2025-12-31"
    trials = data.trials.to_dict("records")
    found = {
        name: findings.finding_of(name, data, as_of=as_of)
        for name in (
            "results_reporting",
            "route_comparisons",
            "durations",
            "record_flow",
        )
    }
    posted = sum(row["has_results"] is True for row in trials)
    assert share(found["results_reporting"], "posted", "posted") == (
        posted,
        len(trials),
    )
    compare = [r for r in trials if r["route_relation"] == "compared_between_arms"]
    told = numbers_of(found["route_comparisons"], "compare")
    assert (told["compare"], told["compare_of"]) == (len(compare), len(trials))
    assert told["random"] == sum(row["allocation"] == "RANDOMIZED" for row in compare)
    months = sorted(summarize.durations(data)["months"])
    middle = (months[(len(months) - 1) // 2] + months[len(months) // 2]) / 24
    told = numbers_of(found["durations"], "median")["median"]
    assert told == f"{round(middle, 1)} years"
    flow = numbers_of(found["record_flow"], "left_out")
    assert (flow["documents"], flow["trials"]) == (len(data.sources), len(trials))
    assert flow["left_out"] == flow["left_out_of"] - len(trials)
    facts = numbers_of(findings.finding_of("key_facts", data, as_of=as_of), "named")
    donors = data.labels[data.labels["axis"].eq("donor")]
    known = {
        r["trial_id"]
        for r in donors.to_dict("records")
        if r["value"] in ("AUTO", "ALLO", "XENO")
    }
    inferred = {
        row["trial_id"]
        for row in data.labels[data.labels["axis"].eq("donor_inferred")].to_dict(
            "records"
        )
    }
    told = f"donor ({len(inferred - known)} inferred)"
    assert (facts["first"], facts["gap"]) == (told, len(trials) - len(known))


@cache
def example_text():
    """Return all findings of the example trials as one text."""
    data = example_cell_trials()
    parts = []
    for name in NAMES:
        found = findings.finding_of(name, data, as_of="2025-12-31")
        lines = [f"## {name}", found.title, *(f"- {told}" for told in found.sentences)]
        parts.append("\n".join(lines))
    for name in findings.wording()["sections"]:
        parts.append(
            "\n".join([f"# {name}", *findings.section(name, data, as_of="2025-12-31")])
        )
    parts += [
        f"**{word}** {told}"
        for word, told in findings.key_sentences(data, "2025-12-31")
    ]
    return "\n\n".join(parts) + "\n"


def test_the_findings_of_the_example_trials():
    # After a change that is meant: python -m tests.prose.test_findings
    assert example_text() == WHOLE.read_text(encoding="utf-8")


def by_source(n_of, total):
    """Return the finding of a count of cell sources."""
    frame = pd.DataFrame({"cell_source": list(n_of), "n": list(n_of.values())})
    frame.attrs = {"n_trials": total}
    return findings.finding("cell_source", frame)


@pytest.mark.parametrize(
    ("n_of", "total", "title", "sentence"),
    [
        (
            {"Liver": 10, "Skin": 5, "Eye": 3, "Heart": 3, "Placenta": 3},
            *(24, "10 of 24 trials use liver tissue, 5 skin"),
            "**10 of 24** trials (42\u00a0%) use liver tissue, **5** skin.",
        ),
        (
            {"Liver": 4, "Skin": 2, "Eye": 2},
            *(8, "4 of 8 trials use liver tissue"),
            "**4 of 8** trials use liver tissue, **2** skin and **2** eye tissue.",
        ),
        (
            {"Liver": 2, "Skin": 2, "Eye": 1, NOT_STATED: 3},
            *(8, "3 of 8 trials state no cell source"),
            "Two cell sources are the most frequent, in **2 of 8** trials each: liver "
            "tissue and skin.",
        ),
        (
            {"a": 2, "b": 2, "c": 2, "d": 2, "e": 2, NOT_STATED: 3},
            *(13, "Five cell sources in 2 of 13 trials each: a, b, c, d and e"),
            "Five cell sources are in **2 of 13** trials each: a, b, c, d and e.",
        ),
        (
            {**dict.fromkeys("abcdefg", 2), NOT_STATED: 3},
            *(
                17,
                "No cell source leads: seven cell sources are in 2 of 17 trials each",
            ),
            "Seven cell sources are in **2 of 17** trials each, and none in more.",
        ),
        (
            {"<b>|*x*": 1, NOT_STATED: 0},
            *(1, "The one trial uses <b>|*x*"),
            r"The one trial uses \<b\>\|\*x\*.",
        ),
        (
            {"word " * 60: 2},
            *(2, f"Both trials use {'word ' * 11}word…"),
            f"Both trials use {'word ' * 11}word….",
        ),
    ],
)
def test_ties_gaps_and_hostile_levels(n_of, total, title, sentence):
    found = by_source(n_of, total)
    assert (found.title, found.sentences[0]) == (title, sentence)


def test_a_level_in_the_subject_of_a_sentence_is_escaped():
    columns = ["route_group", "phase_group", "n"]
    frame = pd.DataFrame([("[x](y)|", "2", 6), ("Vein", "2", 5)], columns=columns)
    frame.attrs = {"n_trials": 11, "n_usable": 11}
    found = findings.finding("phase_by_route", frame)
    assert found.title == "All 6 trials by [x](y)| are in phase 2"
    assert found.told == {
        "row": r"All **6** trials by \[x\](y)\| are in phase 2.",
        "every": "All **5** trials into a vein are in phase 2.",
    }


def test_families_of_routes_and_groups_of_conditions_have_their_own_words():
    rows = [("Cirrhosis", "Into a vein", 5, 7), ("COVID-19", "Several routes", 2, 2)]
    columns = ["condition", "route_family", "n", "n_trials"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs = {"n_trials": 9, "n_usable": 9}
    found = findings.finding("condition_by_route", frame)
    assert found.title == "5 of 9 trials concern cirrhosis and give cells into a vein"
    assert found.told["row"] == (
        "**5 of 7** trials on cirrhosis give cells into a vein."
    )
    alone = frame.drop_duplicates("condition").assign(n=[7, 2])
    alone.attrs = frame.attrs
    found = findings.finding("conditions", alone)
    assert found.title == "7 of 9 trials concern cirrhosis, 2 COVID-19"


def test_half_of_the_participants_is_reached_by_exactly_half():
    columns = ["trial_id", "start_earliest", "enrollment"]
    rows = [("1", "2010-01-01", 10), ("2", "2020-01-01", 10)]
    frame = pd.DataFrame(rows, columns=columns)
    frame["start_earliest"] = pd.to_datetime(frame["start_earliest"])
    frame.attrs = {"n_trials": 2, "n_usable": 2, "as_of": AS_OF}
    found = findings.finding("cumulative_enrollment", frame)
    assert (
        found.title == "Half of the 20 participants are in trials with a start by 2010"
    )


@pytest.mark.parametrize("n", [4, 19])
def test_no_percentage_below_20_trials(n):
    data = {4: seeds(), 19: many(19)}[n]
    for name in NAMES:
        assert "%" not in str(findings.finding_of(name, data, as_of=AS_OF).told)


def test_every_figure_has_a_finding_and_says_something_of_nothing():
    for name, figure in FIGURES.items():
        frame = figure.frame_of(empty(), as_of=AS_OF, earlier=None)
        assert findings.finding(name, frame).title, name


@pytest.mark.parametrize("n", [4, 19, 25])
def test_findings_of_trials_by_hand_are_plain(n):
    data = {4: seeds(), 19: many(19), 25: many(25)}[n]
    for name in NAMES:
        assert_plain(findings.finding_of(name, data, as_of=AS_OF))


def test_a_field_without_cells_has_no_word_of_cells():
    data = example_trials().select(cell_trials=False)
    told = dict(findings.key_sentences(data, "2025-12-31"))
    assert list(told) == [
        "Condition",
        "Given",
        "Route",
        "Phase",
        "Participants",
        "Time and place",
        "Not stated",
    ]
    assert "not assessed" in told["Route"]
    del told["Given"]  # in the words of the registers
    assert not re.search("cell|donor", " ".join(told.values()), re.I)


def test_no_wording_judges_promises_or_ranks():
    table = {key: value for key, value in findings.wording().items() if key != "axes"}
    axes = {k: v for k, v in findings.wording()["axes"].items() if k != "domain"}
    assert not FORBIDDEN.findall(str([table, axes]))
    harm = (
        r"\b(benefit|harm|promis|hope|risk|winner|top|rank|popular|prefer|favou?r)\w*"
    )
    assert not re.findall(harm, str([table, axes]), re.I)


def test_no_template_begins_with_a_level():
    for table in ("titles", "headings", "sentences"):
        for texts in findings.wording()[table].values():
            assert not [
                text for text in texts.values() if text.startswith(("{level", "{name"))
            ]


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{nothing} here", "no number 'nothing' for the template “{nothing} here”"),
        ("{share:words here", "no template, “{share:words here”: "),
        ("{0} here", "no template, “{0} here”: "),
    ],
)
def test_a_template_that_cannot_be_filled_is_one_clear_line(
    monkeypatch, template, told
):
    monkeypatch.setitem(
        findings.wording()["titles"]["comparisons"], "compare", template
    )
    frame = summarize.route_comparisons(seeds())
    with pytest.raises(TrialDataError, match=f"^findings.toml: {re.escape(told)}"):
        findings.finding("route_comparisons", frame)


def test_wording_that_is_not_toml_is_one_clear_line(monkeypatch):
    monkeypatch.setattr("trialkit.prose.rules.data_text", lambda name: "a = = b")
    with pytest.raises(TrialDataError, match=r"^findings.toml is not TOML: .*line 1"):
        findings.wording.__wrapped__()


def test_an_unknown_finding_or_section_names_the_nearest():
    with pytest.raises(ParameterError, match="routes"):
        findings.finding("route", pd.DataFrame())
    with pytest.raises(ParameterError, match="cells"):
        findings.section("cell", seeds(), as_of=AS_OF)


def test_participants_of_no_stated_type_are_told_in_words():
    told = findings.finding("enrollment", summarize.enrollment(seeds())).told
    assert told["types"].endswith("participants, not stated whether planned or actual.")


@pytest.mark.parametrize(
    ("n", "total", "words", "bold"),
    [
        (0, 1, "no trial", "no trial"),
        (1, 1, "the one trial", "the one trial"),
        (2, 2, "both trials", "both trials"),
        (0, 4, "none of the 4 trials", "none of the **4** trials"),
        (2, 4, "2 of 4 trials", "**2 of 4** trials"),
        (19, 38, "19 of 38 trials", "**19 of 38** trials (50\u00a0%)"),
        (26, 38, "26 of 38 trials", "**26 of 38** trials (68\u00a0%)"),
        (20, 38, "20 of 38 trials", "**20 of 38** trials (53\u00a0%)"),
        (1038, 1039, "1,038 of 1,039 trials", "**1,038 of 1,039** trials (>99\u00a0%)"),
    ],
)
def test_a_share_names_its_base_however_near_a_fraction(n, total, words, bold):
    assert (f"{Share(n, total):words}", f"{Share(n, total):bold}") == (words, bold)


if __name__ == "__main__":
    WHOLE.write_text(example_text(), encoding="utf-8")


def test_a_trial_without_cells_has_no_route_to_name():
    rows = [("No cell product", 3), ("Vein", 1), ("Vein; Portal vein", 1)]
    groups = [group for group, n in rows for _ in range(n)]
    families = {"Vein": "Into a vein", "Vein; Portal vein": "Several routes"}
    frame = pd.DataFrame({"route_groups": groups, "overall_status": "COMPLETED"})
    frame["route_family"] = [families.get(group, group) for group in groups]
    frame.attrs["n_trials"] = len(frame)
    found = findings.finding("landscape_strip", frame)
    assert found.title == (
        "1 of the 2 trials that give cells does so only into a vein; one uses several "
        "routes"
    )
    assert not any("product" in text for text in found.told.values())


def test_a_lede_says_nothing_that_its_heading_has_said():
    data = example_cell_trials()
    for name in ("trials", "conditions", "cells", "participants", "doses", "places"):
        made = findings.section(name, data, as_of="2025-12-31")
        plain = re.sub(r"\*\*| \(\S+\u00a0%\)", "", made.lede)
        first = made.heading.split("; ")[0]
        assert not plain.startswith(first), name
        assert plain, name
    ledes = [
        findings.section("participants", some, as_of="2025-12-31").lede
        for some in (data, seeds())
    ]
    # A title or heading says it of the seeds, and neither of the examples.
    assert ["median" in lede for lede in ledes] == [True, False]
    lede = findings.section("conditions", data, as_of="2025-12-31").lede
    assert lede.startswith("**5** trials concern liver failure")
    heading = findings.section("list", data, as_of="2025-12-31").heading
    assert heading == "37 of 38 trials state a start, from 2006 to 2025"


def test_a_tie_of_few_trials_names_what_ties():
    rows = [(f"Drug {key}, oral", 1) for key in "abcde"]
    frame = pd.DataFrame(rows, columns=["intervention", "n"])
    frame.attrs = {"n_trials": 3}
    told = findings.finding("interventions", frame).told["tied"]
    assert told == (
        "Five interventions are in **1** of 3 trials each: Drug a, oral; Drug b, oral; "
        "Drug c, oral; Drug d, oral and Drug e, oral."
    ) or told.startswith("Five interventions are in **1 of 3** trials each: Drug a")
