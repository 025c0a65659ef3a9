from trialkit.read.reading import Collected as Collected
from trialkit.read.reading import nothing_usable as nothing_usable
from trialkit.read.reading import read as read
from trialkit.read.reading import read_chunks as read_chunks
from trialkit.read.reading import read_document as read_document
