"""How the sections of an issue are shown: one file a type, in HTML and in text. Knows: nothing but the edition."""
