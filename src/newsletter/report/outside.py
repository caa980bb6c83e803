"""What was looked at outside, in words, for the person who waited for it. Touches: nothing."""

from newsletter.check.outside import Outside

from .states_and_times import counted


def outside_words(outside: Outside) -> list[str]:
    """A line for each look outside; none where nobody looked."""
    words = [] if outside.links is None else [f"{counted(len(outside.links), 'link')} visited, or known from today"]
    return [*words, f"SpamAssassin: {outside.spam.points + 0:g} points"] if outside.spam else words
