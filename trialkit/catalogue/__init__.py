"""Reports by the dozen: `entries` reads reports.yml, `build` makes what has changed.

`worker` is the process that makes them, one after the other; `build` starts several.
"""
