"""The subscriber file becomes Subscribers; addresses are validated at this door; links are signed here."""
