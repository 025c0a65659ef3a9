"""Drawing primitives: the page, rows, scales, marks and stacks that figures share."""
