"""What a row of `subscriptions` stands for. Touches: nothing."""

from enum import StrEnum


class SubscriptionState(StrEnum):
    """Who of them is mailed; suppressions win over all of it."""

    CONFIRMED = "confirmed"
    """Said yes, and it is on record: mailed."""
    UNCONFIRMED = "unconfirmed"
    """Taken over without consent on record: not mailed."""
    CHOSE = "chose"
    """Stands in the subscriber file, and chose a language, tags or a name by the link: mailed if the file has them."""
