"""What a report keeps of its trials, and that a later one is compared with it."""

import trialkit as tk
from tests.examples import example_trials
from trialkit.report.kept import keep, keeping, kept_files, place_of_records


def kept(trials, out):
    """Return a folder as a report on some trials leaves it."""
    with keeping() as folder:
        keep(trials)
        files = kept_files(folder, name="demo")
    files["report.json"] = b'{"report": "demo", "cut_off": "2026-01-31"}'
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    return out


def test_two_reports_of_one_download_say_what_their_filters_left_out(tmp_path):
    data = example_trials()
    one = kept(data.select(condition="cirrhosis"), tmp_path / "one")
    other = kept(data.select(condition="liver failure"), tmp_path / "other")
    frame = tk.changes(one, other)
    ids = {
        n: set(tk.open(tmp_path / n / "demo-data/trials").trials.trial_id)
        for n in ("one", "other")
    }
    told = {change: set(own["trial_id"]) for change, own in frame.groupby("change")}
    assert told == {
        "left out by a filter here": ids["one"] - ids["other"],
        "let in by a filter": ids["other"] - ids["one"],
    }
    assert frame.attrs["since"] == "2026-01-31"
    assert not len(tk.changes(one, one / "report.json"))
    # Two runs give the same bytes, so that a report can be made again and checked.
    again = kept(data.select(condition="cirrhosis"), tmp_path / "again")
    assert {p.name: p.read_bytes() for p in one.rglob("*.*") if p.is_file()} == {
        p.name: p.read_bytes() for p in again.rglob("*.*") if p.is_file()
    }


def test_outside_of_a_report_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keep(example_trials())
    assert list(tmp_path.iterdir()) == []


def test_a_report_puts_many_records_beside_what_it_keeps(tmp_path, monkeypatch):
    monkeypatch.setattr("trialkit.tidy.stream.MOST_BYTES", 1)
    assert place_of_records() is None
    with keeping() as folder:
        opened = tk.report.open(as_of="2026-01-31")
        assert place_of_records() == folder / "records"
        assert tk.open(folder / "records").n_rows("sources") > 1
        assert len(opened.trials)
        names = kept_files(folder, name="demo")
    assert not any("records" in name for name in names)
    assert not folder.exists()
