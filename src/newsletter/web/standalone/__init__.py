"""A letter as one file to show to somebody before it is sent: `newsletter render --standalone`."""
