"""Notebooks of our own for the tests of running and rendering."""

import json
from itertools import count

_ids = count(1)

PARAMETERS = """\
records: list[str] = []  # files or folders to read
n_rows: int = 3  # rows of the long table
title: str = "Sample: a landscape"  # title of the report
"""

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="360pt" height="120pt" viewBox="0 0 360 120">'
    '<defs><style type="text/css">*{stroke-linejoin: round}</style>'
    '<clipPath id="clip"><rect width="360" height="120"/></clipPath></defs>'
    '<g id="axes" clip-path="url(#clip)"><path id="bar" d="M0 0H200V40H0z"/>'
    '<use xlink:href="#bar" y="60"/></g>'
    '<text x="10" y="90" style="font: 9px \'Source Sans Pro\'">Portal vein 12</text>'
    "</svg>"
)

#: A picture of one point, as base64.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)

HOSTILE = (
    '<script>alert("x")</script> #eval("1") $x$ *a* | [b](javascript:c) ``` @fig-q'
)


def code(source, *outputs, tags=()):
    metadata = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"cell-{next(_ids)}",
        "metadata": metadata,
        "outputs": list(outputs),
        "source": source,
    }


def markdown(source):
    return {
        "cell_type": "markdown",
        "id": f"cell-{next(_ids)}",
        "metadata": {},
        "source": source,
    }


def raw(source):
    return {"cell_type": "raw", "id": "raw", "metadata": {}, "source": source}


def notebook(*cells):
    return {
        "cells": list(cells),
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            }
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def shown(data, **facts):
    """What one call of `trialkit.report.display` leaves in a cell."""
    return {
        "output_type": "display_data",
        "data": data,
        "metadata": {"trialkit": facts} if facts else {},
    }


def text(words):
    return shown({"text/markdown": words}, kind="text")


def figure(label, caption="A caption.", alt="Bars.", svg=SVG):
    facts = {"kind": "figure", "label": label, "caption": caption, "alt": alt}
    return shown({"image/svg+xml": svg, "text/plain": alt}, **facts)


def table(label, words, caption="A caption.", classes=()):
    facts = {"kind": "table", "label": label, "caption": caption}
    return shown({"text/markdown": words}, **facts, classes=list(classes))


def title(**changes):
    front = {
        "title": "Sample: a landscape",
        "subtitle": "Routes and cells",
        "date": "2026-06-30",
        "facts": {"Trials": "4"},
        "notice": "Not medical advice.",
        "keywords": ["liver", "cells"],
        "paper": "a4",
        "orientation": "portrait",
        "lang": "en",
    }
    return shown({"text/markdown": "# T"}, kind="title", front=front | changes)


def executed_sample(escape=lambda words: words):
    """Return an executed notebook with one of everything that renderers treat."""
    rows = "".join(f"| NCT0000{i:04d} | {i} | {escape(HOSTILE)} |\n" for i in range(60))
    long_table = f"| Trial | n | Title |\n|:---|--:|:-----------|\n{rows}"
    return notebook(
        raw("---\ntitle: to be replaced\n---"),
        code(PARAMETERS, tags=["parameters"]),
        code("show_title(title)", title()),
        markdown(
            "# At a glance {#sec-glance}\n\nThe routes stand in @fig-routes, the facts"
            " in [-@tbl-facts] and [see @tbl-trials], the method in @sec-methods. Write"
            " to a@b.org or to @someone. <b>Not bold</b> `<i>`."
        ),
        code(
            "show_text(...)",
            text("Of **4 trials**[ (see @fig-gone)]{.if-shown}, 2 are old."),
        ),
        code("show_figure(...)", figure("fig-routes", "Trials, *N* = 4.", "Two bars.")),
        code(
            "show_table(...)",
            table("tbl-facts", "| Fact | Value |\n|:--|--:|\n| Arms | 61 |\n"),
        ),
        markdown(
            '::: {.callout-note title="What route means"}\nInside the box.\n:::\n\n'
            "::: {.callout-warning}\n## Few trials\nNo percentages.\n:::\n\n"
            "# Methods {#sec-methods}\n\n## Sources\n\nA formula $x^2$.[^1]\n\n"
            "[^1]: A footnote.\n\n> Set apart.\n\n## Dates {.unnumbered}\n\nNone."
        ),
        code("show_table(...)", table("tbl-trials", long_table, classes=["landscape"])),
        code(
            "plot and print",
            text("# Timelines {#sec-timelines}\n\nSee @fig-second."),
            figure("fig-second"),
            {"output_type": "stream", "name": "stdout", "text": "printed\n"},
            {"output_type": "stream", "name": "stderr", "text": "a warning\n"},
        ),
    )


def source_notebook(*cells):
    """Return a notebook that has not run, as JSON text."""
    start = code(PARAMETERS, tags=["parameters"])
    return json.dumps(notebook(start, *cells))
