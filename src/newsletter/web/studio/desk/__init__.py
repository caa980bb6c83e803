"""The desk's addresses in the studio: an issue is opened, changed, taken back, merged, as JSON."""
