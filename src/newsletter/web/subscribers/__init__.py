"""The pages for subscribers, whom a link in a letter leads here. They know no address."""
