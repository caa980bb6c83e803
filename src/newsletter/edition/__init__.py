"""Issue + templates become an Edition. Knows: jinja2, premailer, markdown-it, nh3, Pillow."""
