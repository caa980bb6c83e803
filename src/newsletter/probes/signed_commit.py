"""Is what stands in a file what a commit says that one of certain people signed? `why_not_signed(path, data, signers)`.

Touches: the programs `git` and `ssh-keygen`, which only read. Limits: signatures by SSH keys, as
`git config gpg.format ssh` makes them; of a shallow clone nothing can be said. Which keys count is told by a file
alone, and by no setting of the repository.
"""

import os
import shutil
from pathlib import Path

from newsletter.catalogue import Said, phrase

from .git_program import commit_of, content_in, git_says, run_git


def why_not_signed(path: Path, data: bytes, signers: Path) -> Said | None:
    """None where the commit that last changed `path` has `data` in it and is signed by a key of `signers`.

    `signers` is in the format of ssh-keygen's ALLOWED SIGNERS, as `gpg.ssh.allowedSignersFile` of git takes it.
    """
    keygen = shutil.which("ssh-keygen")
    if shutil.which("git") is None or keygen is None:
        return phrase("probes.signed_commit.needs_programs")
    folder = path.parent
    shallow = git_says(folder, "rev-parse", "--is-shallow-repository")
    if shallow is None:
        return phrase("probes.signed_commit.no_repository")
    if shallow.strip() != b"false":
        return phrase("probes.signed_commit.is_shallow")
    commit = commit_of(path)
    if not commit:
        return phrase("probes.signed_commit.is_not_committed")
    if content_in(commit, path) != data:
        return phrase("probes.signed_commit.is_not_what_was_committed", commit=commit[:12])
    if not _is_signed(folder, commit, signers, keygen):
        return phrase("probes.signed_commit.not_by_a_signer", commit=commit[:12], file=str(signers))
    return None


def _is_signed(folder: Path, commit: str, signers: Path, keygen: str) -> bool:
    nowhere = os.devnull  # other kinds of signatures have programs of their own, which the repository may name
    ended = run_git(
        folder,
        "verify-commit",
        commit,
        gpg__ssh__allowedSignersFile=str(signers.absolute()),
        gpg__ssh__program=keygen,
        gpg__program=nowhere,
        gpg__openpgp__program=nowhere,
        gpg__x509__program=nowhere,
    )
    return ended is not None and ended.returncode == 0
