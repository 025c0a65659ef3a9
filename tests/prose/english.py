"""What is bad English, or a number with the wrong form of its noun."""

import re

WRONG = re.compile(
    r"(?<![.\d])1 of (?:the )?1\b"
    # A fraction is no count, and "two in five trials, 94 others" has two bases.
    r"|(?i:\b(?:in (?:three|four|five|ten)|half of the))(?: \w+)? trials\b"
    r"|(?<![.,\d])\b1\*{0,2} (?:trials|years|days|participants)\b(?! of)"
    r"|between (\d{4}) and \1|(\d{4}) to \2"
    r"|\bone \w+ (?:are|have|give|state|use)\b|\b1 in 1\b| ,|  |\.\."
)
