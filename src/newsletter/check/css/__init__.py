"""How mail programs read a letter: its style sheets, what reaches which element, what each program supports."""
