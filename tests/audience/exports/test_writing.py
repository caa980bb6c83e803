"""Our own export comes back as it was, whatever somebody is called, and no cell of it runs in a spreadsheet."""

import csv
import unicodedata
from io import StringIO

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from newsletter.audience.exports.formats import OWN_EXPORT, recognised
from newsletter.audience.exports.mapping import mapping_of, small
from newsletter.audience.exports.person import ExportedPerson, FileFacts, PersonReader
from newsletter.audience.exports.writing import KnownPerson, own_form
from newsletter.csv_file.rows import rows
from tests.audience.exports.test_person import NOW, SEOUL


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(nfc).map(str.strip)
HARD = ["=1+1", "+1", "-x", "@a", "'", "''=1", '"', "a,b;c", "[x", "줄\n바꿈", "＝1"]
CELLS = st.one_of(TEXT, st.sampled_from(HARD))
COLUMNS = st.one_of(TEXT.filter(bool), st.sampled_from(["email", "Status", "=x", "fields.y", "source"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=CELLS,
    tags=st.frozensets(CELLS.filter(bool), max_size=3),
    fields=st.dictionaries(COLUMNS, CELLS.filter(bool), max_size=3),
)
def test_whatever_somebody_is_called_comes_back(name: str, tags: frozenset[str], fields: dict[str, str]) -> None:
    assume(len({key.casefold() for key in fields}) == len(fields))
    person = KnownPerson("+hong@example.com", name, "", tags, fields, "2021-03-02", status="confirmed")
    form = own_form(list(fields))
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in [*form.header, *form.row(person)])
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([form.header, form.row(person)])
    header, *found = rows(StringIO(text.getvalue(), newline=""), ",")
    format_ = recognised(small(header.cells))
    assert format_ is not None
    assert format_.name == OWN_EXPORT
    read = PersonReader(mapping_of(format_, header.cells, {}), FileFacts(SEOUL, NOW))(found[0])
    assert isinstance(read, ExportedPerson)
    assert (read.email, read.name, read.tags) == ("+hong@example.com", name, tags)
    assert read.fields == fields
