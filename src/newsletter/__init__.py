"""Compose a newsletter from files and send it, once, to everyone who asked for it."""

from importlib.metadata import version

__version__ = version("gitletter")
