"""`check --links` and `check --spam`, as they are called."""

import json

from tests.support.cli import newsletter
from tests.support.faulty_site import faulty_site, status
from tests.workflow.conftest import Reload
from tests.workflow.steps.test_probe import KNOWN, remember, with_links


def test_the_command_tells_what_it_found_and_where(open_workspace: Reload) -> None:
    with faulty_site(lambda _: {"/": status(200)}) as site:
        inside = f"http://2130706433:{site.port}/"  # 127.0.0.1, as only a resolver knows
        workspace = with_links(open_workspace(), inside, KNOWN)
        remember(workspace, KNOWN)
        silent = newsletter("check", "--json", cwd=workspace.root)
        told = newsletter("check", "--json", "--links", cwd=workspace.root)
    [finding] = [one for one in json.loads(told.stdout)["findings"] if one["rule"] == "link-status"]
    assert (finding["severity"], finding["line"]) == ("warning", 7)
    assert inside in finding["message"]
    assert "link-status" not in silent.stdout
    assert site.asked == []
    assert (silent.returncode, told.returncode) == (0, 0)


def test_the_command_says_how_many_points_and_what_to_do_without_the_program(open_workspace: Reload) -> None:
    workspace = open_workspace()
    told = newsletter("check", "--spam", cwd=workspace.root)
    quiet = newsletter("check", "--spam", "--quiet", cwd=workspace.root)
    missing = newsletter("check", "--spam", cwd=workspace.root, PATH=str(workspace.root))
    assert "SpamAssassin: " in told.stderr
    assert (told.returncode, quiet.returncode, quiet.stderr) == (0, 0, "")
    assert "SpamAssassin" not in told.stdout + quiet.stdout
    assert missing.returncode == 69
    assert "apt install spamassassin" in missing.stderr
