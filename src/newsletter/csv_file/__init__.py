"""CSV files that people save: how they are encoded, and their rows with the lines they begin on."""
