"""Two sets of trials -> what changed between them, one row per change.

`sides` opens what is given, `which` tells the trials of one side alone, `columns`,
`outcomes`, `parts` and `labels` compare the trials of both, and `changes` puts it
together. `words` says when two texts are the same, `pairing` which entries of two lists
belong together.
"""
