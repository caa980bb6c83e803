"""When issues are due, and the line that goes into a crontab."""
