"""Edition x Subscriber becomes a Message: headers, bytes, Message-ID."""
