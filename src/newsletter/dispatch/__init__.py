"""Deliveries become outcomes: the run, connections, pacing, reply rules. Knows: aiosmtplib."""
