"""Words of the command line become one workflow call, an answer and an exit code. Knows: typer, rich."""
