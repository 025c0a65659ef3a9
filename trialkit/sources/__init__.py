"""Bytes to Records: one module per shape."""
