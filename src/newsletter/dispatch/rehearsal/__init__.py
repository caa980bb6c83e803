"""A dispatch played ahead: the rules of a run, on a simulated clock, against a relay as earlier issues met it."""
