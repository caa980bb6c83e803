"""Changes carried over into what an issue has become meanwhile, and into its translations."""
