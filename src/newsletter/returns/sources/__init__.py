"""Where returns lie: a Maildir, an mbox, an IMAP mailbox. Nothing that was not read leaves one."""
