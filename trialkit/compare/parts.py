"""What became of a trial's arms, interventions, sites, sponsors, ids and references."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trialkit.codewords import code_word
from trialkit.compare.change import Change, moved
from trialkit.compare.columns import list_change
from trialkit.compare.pairing import Paired, paired
from trialkit.compare.words import is_same, passages, plain
from trialkit.read.values.countries import country_of

#: The least likeness, of 100, of an entry and its new words.
_ALIKE = 70
#: Of an entry of a list: what it is called, and what else is compared.
_CALLED = {"arms": "arm_label", "interventions": "name"}
_MORE = {
    "arms": ("arm_type", "description"),
    "interventions": ("intervention_type", "description", "other_names"),
}


def arm_changes(
    trial_id: str,
    old: dict[str, list[dict]],
    new: dict[str, list[dict]],
    *,
    is_loose: bool = False,
) -> Iterator[Change]:
    """Yield the changes of arms and interventions, and of what paired arms give.

    An arm of which only a new or dropped intervention tells is no change: that of the
    intervention tells it.

    Parameters
    ----------
    trial_id
        Id of the trial.
    old, new
        Its rows of `arms`, `interventions` and `arm_interventions`.
    is_loose
        Whether the sources differ in what they can tell.
    """
    given, arms = (
        paired(old[name], new[name], _keys(name), text=_text(name), least=_ALIKE)
        for name in ("interventions", "arms")
    )
    yield from _entries(trial_id, "interventions", given, is_loose)
    yield from _entries(trial_id, "arms", arms, is_loose)
    if is_loose and not (old["arm_interventions"] and new["arm_interventions"]):
        return
    names = {p[1]["intervention_id"]: p[0] for p in given.pairs}
    both = {p[0]["intervention_id"] for p in given.pairs}
    for one, other in arms.pairs:
        before = _gives(old, one) & both
        after = {names[n]["intervention_id"] for n in _gives(new, other) if n in names}
        called = {p[0]["intervention_id"]: p[1]["name"] or "" for p in given.pairs}
        lost, won = (
            sorted(called[n] for n in ids) for ids in (before - after, after - before)
        )
        if change := list_change(trial_id, "arms", "arm_interventions", lost, won):
            yield change._replace(
                change="gives something else", note=other["arm_label"] or ""
            )


def _gives(parts: dict[str, list[dict]], arm: dict) -> set[str]:
    links = parts["arm_interventions"]
    return {x["intervention_id"] for x in links if x["arm_id"] == arm["arm_id"]}


def _keys(name: str) -> tuple[Callable[[dict], Any], ...]:
    called, more = _CALLED[name], _MORE[name]

    def every(entry: dict) -> Any:
        return tuple(
            _names_of(entry) if n == "other_names" else plain(entry[n] or "")
            for n in (called, *more)
        )

    def label(entry: dict) -> Any:
        return plain(entry[called] or "") or None

    def described(entry: dict) -> Any:
        return plain(entry["description"] or "") or None

    return every, label, described


def _text(name: str) -> Callable[[dict], str]:
    return lambda entry: entry[_CALLED[name]] or entry["description"] or ""


def _entries(
    trial_id: str, name: str, found: Paired, is_loose: bool
) -> Iterator[Change]:
    called, one = _CALLED[name], name.removesuffix("s")
    for old, new in found.pairs:
        fields = [
            n
            for n in (called, *_MORE[name])
            if not (is_loose and not (old[n] and new[n])) and not _is_alike(n, old, new)
        ]
        if fields:
            yield _reworded(trial_id, name, fields, old, new)
    for entry in found.dropped:
        yield Change(trial_id, name, f"{one} dropped", name, _told(name, entry), None)
    for entry in found.added:
        yield Change(trial_id, name, f"{one} added", name, None, _told(name, entry))


def _is_alike(name: str, old: dict, new: dict) -> bool:
    if name == "other_names":
        return _names_of(old) == _names_of(new)
    return is_same(old[name], new[name])


def _names_of(entry: dict) -> frozenset[str]:
    return frozenset(map(plain, (entry["other_names"] or "").split("; ")))


def _reworded(
    trial_id: str, name: str, fields: list[str], old: dict, new: dict
) -> Change:
    """Return the one change of an entry: all of it that differs."""
    called, one = _CALLED[name], name.removesuffix("s")
    sides: list[list[str]] = [[], []]
    for field in fields:
        values = [old[field], new[field]]
        if field == "description" and all(values):
            values = list(passages(*values))
        for side, value in zip(sides, values, strict=True):
            if value:
                side.append(code_word(value, field))
    words = ["renamed" if fields == [called] else "changed"]
    shown = [": ".join(side) or None for side in sides]
    note = "" if called in fields else new[called] or ""
    return moved(trial_id, name, f"{one} {words[0]}", name, shown, note=note)


def _told(name: str, entry: dict) -> str:
    parts = [entry[_CALLED[name]], entry["description"]]
    text = ": ".join(filter(None, parts)) or "no name"
    kind = entry[_MORE[name][0]]
    return f"{text} ({code_word(kind, _MORE[name][0])})" if kind else text


def site_changes(
    trial_id: str,
    old: list[dict],
    new: list[dict],
    countries: tuple[list[str], list[str]],
) -> Iterator[Change]:
    """Yield the sites that came and went, a row each, and what else became of them.

    `countries` are those of the trial then and now: a record may list them alone.
    """
    found = paired(
        *(old, new, (_place(True), _place(False))),
        text=lambda site: site["facility"] or "",
        least=_ALIKE,
        block=lambda site: (plain(site["city"] or ""), _country(site)),
    )
    fresh, lost = (
        [name for name in countries[a] if name not in countries[1 - a]] for a in (1, 0)
    )
    for name, shown, note in _moved(found.added, fresh, "new"):
        change = f"{name} added"
        yield Change(trial_id, "sites", change, "sites", None, shown, note=note)
    for name, shown, note in _moved(found.dropped, lost, "no longer"):
        change = f"{name} dropped"
        yield Change(trial_id, "sites", change, "sites", shown, None, note=note)
    yield from _same_sites(trial_id, found.pairs)


def _moved(
    sites: list[dict], countries: list[str], word: str
) -> Iterator[tuple[str, str, str]]:
    """Yield the sites of countries that came or went, and then the others, in words."""
    own = [site for site in sites if _country(site) in countries]
    if countries:
        note = f"{word}: {', '.join(countries)}"
        yield "country", _places(own) or "; ".join(countries), note
    if rest := [site for site in sites if site not in own]:
        yield "site", _places(rest), _n_sites(rest)


def _country(site: dict) -> str:
    """Return the country of a site as the list of the trial's countries names it.

    A register that names a country anew (Türkiye) moves no site.
    """
    return country_of(site["country"]) or site["country"] or ""


def _place(is_whole: bool) -> Callable[[dict], Any]:
    names = ("facility", "city", "state", "site_status")
    used = names if is_whole else names[:2]
    return lambda site: (_country(site), *(plain(site[name] or "") for name in used))


def _n_sites(sites: list[dict]) -> str:
    return f"{len(sites):,} sites" if len(sites) > 1 else ""


def _places(sites: list[dict]) -> str:
    return "; ".join(_place_words(site) for site in sites)


def _place_words(site: dict) -> str:
    return ", ".join(filter(None, (site["facility"], site["city"], site["country"])))


def _same_sites(trial_id: str, pairs: list[tuple[dict, dict]]) -> Iterator[Change]:
    renamed = [p for p in pairs if not is_same(p[0]["facility"], p[1]["facility"])]
    if renamed:
        shown = (_places(list(side)) for side in zip(*renamed, strict=True))
        yield moved(trial_id, "sites", "site renamed", "facility", shown)
    other = [
        p
        for p in pairs
        if p[0]["site_status"] != p[1]["site_status"]
        and p[0]["site_status"]
        and p[1]["site_status"]
    ]
    if other:
        shown = (
            "; ".join(
                f"{_place_words(site)}: {code_word(site['site_status'], 'site_status')}"
                for site in side
            )
            for side in zip(*other, strict=True)
        )
        note = _n_sites([pair[0] for pair in other])
        change = "status of sites"
        yield moved(trial_id, "sites", change, "site_status", shown, note=note)


def sponsor_changes(
    trial_id: str, old: list[dict], new: list[dict], *, is_loose: bool = False
) -> Iterator[Change]:
    """Yield what became of the lead sponsor and of the collaborators."""
    leads = [_with_role(side, "lead") for side in (old, new)]
    names = ["; ".join(x["name"] or "" for x in side) or None for side in leads]
    classes = [[x["sponsor_class"] for x in side] for side in leads]
    if not is_same(*names):
        change = "lead sponsor changed"
        yield moved(trial_id, "sponsor", change, "lead_sponsor", names)
    elif classes[0] != classes[1] and not (
        is_loose and None in classes[0] + classes[1]
    ):
        shown = (
            "; ".join(code_word(c, "sponsor_class") for c in side if c)
            for side in classes
        )
        yield moved(trial_id, "sponsor", "class changed", "lead_sponsor_class", shown)
    helpers = [
        [x["name"] for x in _with_role(side, "collaborator") if x["name"]]
        for side in (old, new)
    ]
    if change := entries_change(trial_id, "sponsor", "collaborators", *helpers):
        yield change


def _with_role(sponsors: list[dict], role: str) -> list[dict]:
    return [one for one in sponsors if (one["role"] or "lead") == role]


def entries_change(
    trial_id: str, kind: str, field: str, old: list[str], new: list[str]
) -> Change | None:
    """Return the change of a list of texts, whatever their order."""
    known = [{plain(text) for text in side} for side in (old, new)]
    dropped = [text for text in old if plain(text) not in known[1]]
    added = [text for text in new if plain(text) not in known[0]]
    return list_change(trial_id, kind, field, dropped, added)
