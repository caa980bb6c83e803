"""What the ledger knows, told to people and to scripts."""
