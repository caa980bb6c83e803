"""What is written for Prometheus, as its own library reads it."""

from prometheus_client.parser import text_string_to_metric_families

from newsletter.report.exposition import Measured, Metric, exposition

NASTY = 'a "quoted" \\ back\nslash, } and 서울'


def test_the_librarys_parser_reads_back_what_was_written() -> None:
    written = exposition(
        [
            Metric("newsletter_a", "One, with \\ and\na line.", [Measured(3, {"issue": NASTY, "state": ""})]),
            Metric("newsletter_b", "Two.", [Measured(0.12345, {}), Measured(1_796_000_000.5, {"issue": "2026-12"})]),
            Metric("newsletter_none", "Nobody.", []),
        ]
    )
    read = list(text_string_to_metric_families(written))
    assert [(family.name, family.type) for family in read] == [("newsletter_a", "gauge"), ("newsletter_b", "gauge")]
    assert read[0].documentation == "One, with \\ and\na line."
    (first,) = read[0].samples
    assert (first.labels, first.value) == ({"issue": NASTY}, 3)
    assert [(sample.labels, sample.value) for sample in read[1].samples] == [
        ({}, 0.123),
        ({"issue": "2026-12"}, 1_796_000_000.5),
    ]
    assert written.endswith("\n")
