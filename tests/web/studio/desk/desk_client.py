"""A page of the studio that writes: what its scripts send, over real HTTP."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

from tests.web.studio.studio_site import StudioSite


@dataclass(frozen=True)
class DeskClient:
    site: StudioSite
    http: httpx.Client

    @cached_property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([\w-]{32,})"', self.http.get("/panel/review").text)
        assert found
        return found[1]

    @property
    def own(self) -> dict[str, str]:
        """The headers of a page of this server."""
        return {"Origin": f"http://127.0.0.1:{self.site.port}", "Sec-Fetch-Site": "same-origin"}

    def opened(self, slug: str = "2021-07", **more: str) -> dict[str, Any]:
        answer = self.http.get("/desk/issue", params={"issue": slug, **more})
        assert answer.status_code == 200, answer.text
        opened: dict[str, Any] = answer.json()
        return opened

    def post(self, name: str, ui: str = "ko", **body: object) -> httpx.Response:
        return self.http.post(f"/desk/{name}", params={"ui": ui}, json={"csrf": self.csrf, **body}, headers=self.own)

    def change(self, opened: dict[str, Any], *changes: object, window: str = "w", group: str = "") -> httpx.Response:
        seen = {"issue": opened["slug"], "version": opened["version"]}
        return self.post("change", **seen, window=window, group=group, changes=list(changes))
