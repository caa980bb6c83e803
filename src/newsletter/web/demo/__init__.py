"""The inbox at the end of `newsletter demo`: what arrived, and links that work. On loopback only."""
