"""Tidy tables: `Trials`, how they are loaded, selected, stored and built in batches."""
