"""A letter as one file to show: `newsletter render --standalone`."""
