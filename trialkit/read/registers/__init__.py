"""Readers of the registers' own files, one module each; none is here yet.

A reader is a module with two functions:

`sniff(head: bytes) -> bool`
    whether the first 64 KiB of a document are of its shape;
`stream(handle: BinaryIO, source_id: str, facts: SourceFacts | None = None)`
    the Record of each trial, one by one, or an Excluded with the reason. It notes in
    `facts` what the document says of itself, such as its date. A document that is of
    no use is a `TrialDataError` that says why.

Both get UTF-8 without a byte order mark, whatever the file's encoding (an XML parser
must be told so). Values are read by `trialkit.read.values`. The reader is a row of
`trialkit.read.readers.READERS`: the first whose `sniff` agrees reads the document.
`trialkit.read.ctgov.csv` is a model. `trialkit.record` defines Record (every field but
the id may be absent) and Excluded, `trialkit.read.document` SourceFacts. The form of
the register's ids is a row of `data/registries.csv`.
"""
