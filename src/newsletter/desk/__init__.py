"""The studio's side where an issue is written: changes of an issue's file that leave the rest of it as it was."""
