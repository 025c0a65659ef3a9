"""Whether the labels of a figure can be read: inside it, apart, and large enough."""

import itertools

import matplotlib as mpl

#: Dots by which boxes of two labels may touch: they are taller than their letters.
_TOUCH = 1.5
LEAST = 8


def boxes_of(ax):
    """Return every label that is drawn, with its box in dots."""
    figure = ax.figure
    figure.draw_without_rendering()
    texts = figure.findobj(mpl.text.Text)
    shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
    return [(text, text.get_window_extent()) for text in shown]


def faults_of(ax):
    """Return what cannot be read: labels outside, over one another, or too small."""
    boxes, edge = boxes_of(ax), ax.figure.bbox
    assert boxes
    found = []
    for text, box in boxes:
        is_inside = box.x0 >= -1 and box.x1 <= edge.width + 1
        if not (is_inside and box.y0 >= -1 and box.y1 <= edge.height + 1):
            found.append(("outside", text.get_text()))
        if text.get_fontsize() < LEAST:
            found.append(("small", text.get_text()))
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        along = min(a.y1, b.y1) - max(a.y0, b.y0)
        # Lines of 8 points may stand 2.8 mm apart: letters do not fill their box.
        room = 0.45 * min(a.height, b.height)
        if across > _TOUCH and along > max(_TOUCH, room):
            found.append(("over", one.get_text(), two.get_text()))
    return found
