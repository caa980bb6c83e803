"""Three applications over one base: the studio and the demo's inbox, on loopback, and the subscribers' pages.

Each has a folder with an app.py and its pages; they do not know each other. What they say is in words/. Knows:
starlette, uvicorn.
"""
