"""Selecting trials: filters, and the search language with its synonyms."""
