"""Normalised values: one way to read a register's words, for all readers.

`levels` has codes, phases and masking; `numbers` counts and ages; `dates` days; `ids`
ids of registers; `countries` and `places` where sites are; `design` a design in one
text; `conditions` our groups of conditions; `markup` texts with HTML. `checked` looks
over a finished Record. A function `read_...` adds a remark on what it cannot read.
"""
