"""Records to labels with evidence: vocabulary, rules, score."""
