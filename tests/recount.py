"""The numbers of a report, counted a second time: plain loops over the tables.

Nothing here calls `trialkit.summarize`, and pandas only hands out rows. Words of
labels come from the vocabulary's files. Where a rule of the report decides (what is
due, what a median leaves out, when "not stated" counts) it is written down once more.
"""

import csv
import datetime as dt
import statistics
from collections import Counter, defaultdict
from functools import cache
from importlib.resources import files
from itertools import product

import pandas as pd

NOT_STATED = "Not stated"
FAMILIES = (
    "Adult tissue",
    "Perinatal tissue",
    "Pluripotent",
    "Cell line or animal",
    "Other",
)
#: Statuses after which nothing more is expected.
FINAL = ("COMPLETED", "TERMINATED", "WITHDRAWN")
#: Axes of a product, and what stands where nobody says which of several has a value.
PRODUCT_AXES = ("cell_type", "cell_source", "donor", "donor_inferred")
NOT_TOLD = "Not told which"
NO_CELLS = ("none", "NONE")


@cache
def vocabulary(axis):
    """Return the rows of an axis's file, in its order."""
    path = files("trialkit").joinpath(f"data/vocabulary/{axis}.csv")
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def rows_of(frame):
    """Return a table's rows as dicts, missing as None."""
    plain = frame.astype(object)
    return plain.where(frame.notna(), None).to_dict("records")


def quantile(values, share):
    """Return numpy's linear quantile, by hand."""
    ranked = sorted(values)
    place = (len(ranked) - 1) * share
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (place - low)


def short(number):
    """Return a number as tables write it: one digit, no needless zero."""
    text = f"{number:,.1f}"
    return text[:-2] if text.endswith(".0") else text


class Recount:
    """One report's trials, counted from their tables."""

    def __init__(self, data, day):
        self.data, self.day = data, pd.Timestamp(day)
        self.trials = rows_of(data.trials)
        self.arms = rows_of(data.arms)
        self.labels = rows_of(data.labels)
        self.doses = rows_of(data.doses)
        self.outcomes = [r for r in rows_of(data.outcomes) if r["measure"] is not None]
        self.sites = rows_of(data.sites)
        self.sources = rows_of(data.sources)
        self.n = len(self.trials)
        self.by_id = {row["trial_id"]: row for row in self.trials}
        self._values = defaultdict(lambda: defaultdict(list))
        self._rows = defaultdict(list)
        for row in self.labels:
            key = row["trial_id"], row["arm_id"]
            self._rows[key].append(row)
            if row["value"] not in self._values[row["axis"]][key]:
                self._values[row["axis"]][key].append(row["value"])
        self.product_arms = [
            (arm["trial_id"], arm["arm_id"])
            for arm in self.arms
            if self.by_id[arm["trial_id"]]["is_cell_trial"] is True
            and not any(
                value in NO_CELLS
                for axis in ("route", "delivery_mode")
                for value in self._values[axis].get(
                    (arm["trial_id"], arm["arm_id"]), ()
                )
            )
        ]

    # labels ---------------------------------------------------------------------

    def arm_words(self, axis, what):
        """Return the words of each product arm on an axis, never none."""
        made = {}
        for key in self.product_arms:
            words = []
            for value in self._values[axis].get(key, ()):
                if value == "NOT_STATED":
                    words.append(NOT_STATED)
                elif value not in NO_CELLS:
                    words.append(self.word(value, axis, what))
            made[key] = list(dict.fromkeys(words)) or [NOT_STATED]
        return made

    def word(self, value, axis, what="label"):
        """Return the word of a label's value."""
        if value in (NOT_STATED, NOT_TOLD):
            return value
        known = {row["id"]: row.get(what, "") for row in vocabulary(axis)}
        base, _, said = value.partition(":")
        word = said if said and what == "label" else known.get(base)
        return word or (value if what == "label" else "Other route")

    def together(self, key, axes):
        """Return the values of an arm that are told of one product, on these axes.

        Where a label says of which product it is, only values of one are combined.
        """
        own = {
            axis: [
                (row["value"], set(filter(None, (row["product"] or "").split("; "))))
                for row in self._rows[key]
                if row["axis"] == axis and row["value"] not in (*NO_CELLS, "NOT_STATED")
            ]
            for axis in axes
        }
        of_product = [axis for axis in axes if axis in PRODUCT_AXES]
        told = {n for axis in of_product for _, of in own[axis] for n in of}
        whole = {a: [v for v, _ in own[a]] or [NOT_STATED] for a in axes}
        if len(of_product) < 2 or not told:
            return set(product(*whole.values()))
        found = set()
        for number in told:
            choices = []
            for axis in axes:
                fits = [value for value, of in own[axis] if number in of]
                is_open = any(not of for _, of in own[axis])
                gap = NOT_TOLD if is_open else NOT_STATED
                choices.append(fits or [gap] if axis in PRODUCT_AXES else whole[axis])
            found |= set(product(*choices))
        for axis in of_product:
            for value in (value for value, of in own[axis] if not of):
                beside = [
                    [value]
                    if other == axis
                    else whole[other]
                    if other not in PRODUCT_AXES
                    else [NOT_TOLD if own[other] else NOT_STATED]
                    for other in axes
                ]
                found |= set(product(*beside))
        return found

    def of_trials(self, axis, what="label"):
        """Return the words of each trial; "Not stated" where no arm states one."""
        made = defaultdict(set)
        for (trial_id, _), words in self.arm_words(axis, what).items():
            made[trial_id].update(words)
        return {
            trial_id: {w for w in words if w != NOT_STATED} or {NOT_STATED}
            for trial_id, words in made.items()
        }

    def count(self, axis, what="label"):
        """Return how many trials there are of each word."""
        return Counter(
            w for words in self.of_trials(axis, what).values() for w in words
        )

    def arm_count(self, axis, what="label"):
        """Return how many arms there are of each word."""
        made = Counter()
        for words in self.arm_words(axis, what).values():
            stated = [w for w in words if w != NOT_STATED]
            made.update(stated or [NOT_STATED])
        return made

    def pairs(self, first, second, *, arms=False):
        """Return the units of each pair of words given together in an arm."""
        found = set()
        for key in self.product_arms:
            unit = key if arms else key[0]
            found |= {
                (unit, self.word(a, *first), self.word(b, *second))
                for a, b in self.together(key, (first[0], second[0]))
            }
        for place in (1, 2):
            other = 3 - place
            stated = {(row[0], row[other]) for row in found if row[place] != NOT_STATED}
            found = {
                row
                for row in found
                if row[place] != NOT_STATED or (row[0], row[other]) not in stated
            }
        return found

    # plain columns --------------------------------------------------------------

    def values(self, column):
        """Return how many trials have each value, missing as None."""
        return Counter(row[column] for row in self.trials)

    def sponsors(self):
        """Return how many trials are led by each class; governments are one."""
        made = Counter()
        for row in self.trials:
            name = row["lead_sponsor_class"] or NOT_STATED
            made["GOV" if name in ("NIH", "FED", "OTHER_GOV") else name] += 1
        return made

    def countries(self):
        """Return how many trials have a site in each country."""
        made = Counter()
        for row in self.trials:
            named = (row["countries"] or "").split("; ")
            made.update(set(filter(None, named)) or {NOT_STATED})
        return made

    def cities(self):
        """Return how many trials have a site in each city."""
        from trialkit.read.values.countries import country_of

        made, known = defaultdict(set), set()
        for row in self.sites:
            if row["city"] is not None and row["trial_id"] in self.by_id:
                country = country_of(row["country"]) if row["country"] else None
                country = country or row["country"]
                made[", ".join(filter(None, (row["city"], country)))].add(
                    row["trial_id"]
                )
                known.add(row["trial_id"])
        counts = Counter({name: len(ids) for name, ids in made.items()})
        counts[NOT_STATED] = self.n - len(known)
        return counts

    def sizes(self, ids=None):
        """Return the numbers of participants above 0, of some trials or of all."""
        rows = self.trials if ids is None else [self.by_id[i] for i in ids]
        numbers = [row["enrollment"] for row in rows]
        return [int(n) for n in numbers if n is not None and n > 0]

    def participants(self, ids=None):
        """Return the cells of a row of participants: n, total, median and so on."""
        ids = list(self.by_id) if ids is None else sorted(ids)
        rows = [self.by_id[i] for i in ids]
        stated = [row for row in rows if row["enrollment"] is not None]
        sizes = self.sizes(ids)
        kinds = Counter(row["enrollment_type"] for row in stated)
        total = f"{sum(int(row['enrollment']) for row in stated):,}"
        spread = f"{short(min(sizes))} to {short(max(sizes))}" if sizes else "–"
        if sizes and min(sizes) == max(sizes):
            spread = short(min(sizes))
        ends = [quantile(sizes, q) for q in (0.25, 0.75)] if len(sizes) >= 4 else []
        quartiles = f"{short(ends[0])} to {short(ends[1])}" if ends else "–"
        quartiles = short(ends[0]) if ends and ends[0] == ends[1] else quartiles
        split = [kinds[kind] for kind in ("ESTIMATED", "ACTUAL", None)]
        return (
            f"{len(rows):,}",
            total if stated else "–",
            short(statistics.median(sizes)) if sizes else "–",
            quartiles,
            spread,
            " / ".join(f"{n:,}" for n in split),
            f"{len(rows) - len(stated):,}",
        )

    def starts(self):
        """Return the trials that started by the cut-off, by year."""
        days = {row["trial_id"]: row["start_date_earliest"] for row in self.trials}
        past = {k: d.year for k, d in days.items() if d is not None and d <= self.day}
        return past, [k for k, d in days.items() if d is None]

    def months(self):
        """Return the months from start to completion of each trial that gives both."""
        made = {}
        for row in self.trials:
            days = [self.middle(row, name) for name in ("start", "completion")]
            if None not in days:
                length = (days[1] - days[0]).days
                made[row["trial_id"]] = length / (365.25 / 12)
        return made

    @staticmethod
    def middle(row, name):
        """Return the middle of what a date can mean, None where there is none."""
        low, high = (row[f"{name}_date_{end}"] for end in ("earliest", "latest"))
        return None if low is None else low + dt.timedelta((high - low).days // 2)

    def due(self):
        """Return the states of results, and the trials that are due."""
        limit = self.day - pd.DateOffset(months=12)
        states, due = {}, set()
        for row in self.trials:
            ended = row["primary_completion_date_latest"]
            ended = row["completion_date_latest"] if ended is None else ended
            withdrawn = row["overall_status"] == "WITHDRAWN"
            is_due = ended is not None and ended <= limit and not withdrawn
            if is_due:
                due.add(row["trial_id"])
            if row["has_results"] is True:
                state = "Posted"
            elif is_due and row["has_results"] is not None:
                state = "Due, not posted"
            elif withdrawn or (ended is not None and not is_due):
                state = "Not due"
            else:
                state = "Cannot tell"
            states[row["trial_id"]] = state
        return states, due

    def own_words(self, tokens):
        """Return the numbers, days and ids that stand in the records themselves."""
        if not hasattr(self, "_own"):
            self._own = set()
            for name in (
                "trials",
                "arms",
                "interventions",
                "conditions",
                "sites",
                "outcomes",
                "doses",
                "labels",
                "sources",
                "excluded",
                "statements",
                "identifiers",
            ):
                frame = getattr(self.data, name)
                for column in frame.columns:
                    for value in frame[column].dropna().astype(str).unique():
                        found = tokens(value)
                        self._own.update(found)
                        # A year stands for a day in it, where a course is drawn.
                        self._own.update(day[:4] for day in found if "-" in day[1:])
        return self._own

    def one_of(self, groups, several):
        """Return one group per key: its only stated one, or that it has several."""
        made = {}
        for key, words in groups.items():
            made[key] = next(iter(words)) if len(words) == 1 else several
        return made


def flags(r):
    """Return the trials whose record may be out of date, once for each reason."""
    found = []
    for row in r.trials:
        status, ended = row["overall_status"], row["completion_date_latest"]
        updated = pd.to_datetime(row["last_updated_date"], errors="coerce")
        is_open = status is not None and status not in FINAL and status != "UNKNOWN"
        is_old = updated is not None and updated < r.day - pd.DateOffset(years=2)
        began, begins = row["start_date_latest"], row["start_date_earliest"]
        told = [
            is_open and ended is not None and ended < r.day,
            status == "NOT_YET_RECRUITING" and began is not None and began < r.day,
            is_open and bool(is_old),
            status == "UNKNOWN",
            ended is not None and begins is not None and ended < begins,
        ]
        found += [row["trial_id"]] * sum(told)
    return found
