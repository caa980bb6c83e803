"""HTML that somebody pasted, or that a document became, as Markdown of our own. Knows: lxml, markdown-it."""
