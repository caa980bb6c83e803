"""Compose a newsletter from files and send it, once, to everyone who asked for it."""


def __getattr__(name: str) -> str:
    """`__version__`, looked up when it is asked for: the reader of package metadata takes longer than `--help`."""
    if name == "__version__":
        from importlib.metadata import version

        return version("gitletter")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
