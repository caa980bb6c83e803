"""The panels beside the letter. A panel is a file here, a line in registry.py, a template, and the words of its tab.

To add one, say `links`:

1. links.py: what the panel shows, as a frozen dataclass, and `links_panel(now: Snapshot, asked: Asked)`, which makes
   it;
2. registry.py: `Panel("links", links_panel)`, where its tab shall stand;
3. studio/pages/panel_links.html.j2: given `links`, what the function made, it draws one element `id="links-body"`;
4. web/words/panels.toml: `[tab.links]`, and whatever else the template says.

The tab, the fetching after each save and the address `panel/links` follow from the list.
"""
