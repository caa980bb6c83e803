"""A file becomes an Issue: models, loading with places, scaffolding. Knows: ruamel.yaml."""
