"""What a report shows of the changes since an earlier state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trialkit.compare.change import watched
from trialkit.compare.told import aside, became, changes_in, n_trials, others, tally
from trialkit.escape import markdown_text
from trialkit.plural import capital, counted
from trialkit.report.display import show_text
from trialkit.report.exhibits import show_with_data
from trialkit.summarize.history import changes_since
from trialkit.summarize.wording import report_words, sentence_list
from trialkit.tables import history
from trialkit.tables.history import of_changes, rows_of_a_page

if TYPE_CHECKING:
    import pandas as pd

    from trialkit.compare.sides import Side
    from trialkit.tidy.trials import Trials

#: Rows of a section of the report on changes; its data file holds all.
_MOST = 200


def show_since(data: Trials, *, earlier: Side | None, by_kind: bool = False) -> None:
    """Show on one page what changed since an earlier state, the most telling first.

    Parameters
    ----------
    data
        The trials of the report.
    earlier
        What `open_earlier` returned; None shows nothing.
    by_kind
        Count the changes by kind, in place of listing the most telling.
    """
    if earlier is None:
        return
    frame = changes_since(data, earlier)
    place = "" if by_kind else " .new-page"
    show_text(
        f"# Changes {{.kicker .unnumbered{place}}}",
        f"## {markdown_text(_heading(frame))} {{.finding .unnumbered .unlisted}}",
        _lede(frame),
    )
    show_text(*_notes(frame))
    if not len(frame):
        return
    if by_kind:
        show_with_data(history.by_kind(frame))
    else:
        show_with_data(of_changes(frame, limit=rows_of_a_page(frame)))


def show_changes(
    data: Trials,
    *,
    earlier: Side | None,
    kinds: str | Iterable[str],
    title: str,
) -> None:
    """Show the changes of some kinds under a heading; nothing where there are none.

    Parameters
    ----------
    data
        The trials of the report.
    earlier
        What `open_earlier` returned; None shows nothing.
    kinds
        Kinds of changes, as `tk.changes` takes them.
    title
        The heading.
    """
    if earlier is None:
        return
    frame = changes_since(data, earlier)
    names = watched(kinds)
    own = frame[frame["kind"].isin(names)].reset_index(drop=True)
    own.attrs = frame.attrs
    if len(own):
        show_text(
            f"# {markdown_text(title)} {{.kicker .unnumbered}}",
            f"## {changes_in(own)} {{.finding .unnumbered .unlisted}}",
        )
        show_with_data(of_changes(own, label=f"tbl-changes-{names[0]}", limit=_MOST))


def _heading(frame: pd.DataFrame) -> str:
    """Return what became of whole trials, or how many changed at all."""
    told, rest = became(frame), others(frame)
    if not told and len(rest):
        told = changes_in(rest)
    return f"Since {frame.attrs['since']}: {told or 'nothing changed'}"


def _lede(frame: pd.DataFrame) -> str:
    """Return the sentences below the heading, each number a count."""
    words, known = report_words()["changes"], frame.attrs
    name = markdown_text(known["old"])
    told = [words["base"].format(n_new=known["n_new"], n_old=known["n_old"], old=name)]
    rest = others(frame)
    if len(rest):
        kinds = rest["kind"].value_counts()
        named = sentence_list([f"{kind} **{n:,}**" for kind, n in kinds.items()])
        which = counted(len(rest), "other change" if tally(frame) else "change")
        told.append(words["rest"].format(n=which, trials=n_trials(rest), kinds=named))
    besides = [f"**{n:,}** {what}" for what, n in aside(frame).items()]
    if besides:
        told.append(words["aside"].format(counts=sentence_list(besides)))
    return " ".join(told)


def _notes(frame: pd.DataFrame) -> list[str]:
    notes = (f"{capital(note)}." for note in frame.attrs["notes"])
    return [markdown_text(note) for note in notes]
