"""The file of an issue opened, saved, undone: whole at any moment, beside whoever else writes it."""
