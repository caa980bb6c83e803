"""Deliveries become outcomes: the run, connections, throttle, reply rules. Knows: uvloop."""
