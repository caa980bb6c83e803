"""What `doctor` looks at: a file for each subject, with its tuple `CHECKS`; workflow/doctor.py goes through them."""
