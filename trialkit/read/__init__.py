"""Files to Records, read by content and never by name.

`files` finds the documents under some paths, `containers` unpacks them, `document`
hands each over as UTF-8, and the first of `readers` that knows its shape reads it, with
`values` for every word. In `reading` contacts are masked, values checked and countries
named. Whoever only selects trials by their values does not wait for the readers.

A new register's reader goes into `registers`.
"""

from trialkit.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
