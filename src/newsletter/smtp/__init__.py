"""One link to a relay: connect, transaction, pipelining. Knows: aiosmtplib."""
