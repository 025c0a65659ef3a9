"""One trial, or many, in a notebook: cards, likeness, decisions, widgets."""
