"""A notebook is read with care and saved as Jupyter saves it."""

import json
import os

from trialkit.report.notebook import json_bytes, notebook_bytes


def test_a_name_that_is_no_text_comes_back_from_json():
    facts = {"file": os.fsdecode(b"\xff\xe4.json"), "title": "ä"}
    data = json_bytes(facts)
    assert json.loads(data) == facts
    assert "ä".encode() in data


def test_a_notebook_is_saved_as_jupyter_saves_it():
    shown = {"output_type": "display_data", "data": {"text/markdown": "One.\n\nTwo."}}
    printed = {"output_type": "stream", "name": "stdout", "text": "a\nb\n"}
    cells = [
        {"cell_type": "markdown", "source": "# A\n\nB."},
        {"cell_type": "code", "source": ["x\n", "y"], "outputs": [shown, printed]},
    ]
    saved = json.loads(notebook_bytes({"cells": cells, "nbformat": 4}))

    assert saved["nbformat"] == 4
    assert saved["cells"][0]["source"] == ["# A\n", "\n", "B."]
    assert saved["cells"][1]["source"] == ["x\n", "y"]
    outputs = saved["cells"][1]["outputs"]
    assert outputs[0]["data"] == {"text/markdown": ["One.\n", "\n", "Two."]}
    assert outputs[1]["text"] == ["a\n", "b\n"]
    assert cells[0]["source"] == "# A\n\nB."


def test_what_a_widget_shows_stays_as_it_is():
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "a\nb"}}
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    cells = [{"cell_type": "code", "metadata": {}, "source": "", "outputs": [output]}]
    saved = json.loads(notebook_bytes({"cells": cells, "nbformat": 4}))
    assert saved["cells"][0]["outputs"][0]["data"] == data
