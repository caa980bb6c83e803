"""Issue, Edition and audience become findings, each with a rule id."""
