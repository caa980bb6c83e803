"""The studio on loopback, the demo's inbox, and the subscribers' pages. Knows: starlette, uvicorn."""
