"""Numbers in Prometheus' text format, version 0.0.4, for the textfile collector of node_exporter. Touches: nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One number; labels that are empty are left out, which means the same."""

    value: float
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Metric:
    """A gauge: all of ours may fall."""

    name: str
    about: str
    """A line of English."""
    samples: Sequence[Measured]


def exposition(metrics: Iterable[Metric]) -> str:
    """The whole file; a metric without a sample is left out."""
    return "".join(f"{line}\n" for metric in metrics if metric.samples for line in _lines(metric))


def _lines(metric: Metric) -> Iterator[str]:
    about = metric.about.replace("\\", r"\\").replace("\n", r"\n")
    yield f"# HELP {metric.name} {about}"
    yield f"# TYPE {metric.name} gauge"
    for sample in metric.samples:
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items() if value)
        yield f"{metric.name}{f'{{{labels}}}' if labels else ''} {_number(sample.value)}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.3f}"
