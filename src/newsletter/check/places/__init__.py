"""Where a finding is: in the issue's file, and in the HTML of the editions."""
