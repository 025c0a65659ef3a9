"""Drawing primitives: page, rows, scales, marks, bars, dots, grids, spans of time."""
