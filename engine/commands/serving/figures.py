"""Figures for Prometheus: counts of runs and records, how late flows are, what waits. No label comes from data."""

from __future__ import annotations

from collections import Counter as Counting
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from engine.connectors.clock import Clock
from engine.runs.ledger import Ledger
from engine.runs.ledger.causes import OPEN
from engine.runs.report import RunReport
from engine.runs.serving.due import name_of
from engine.runs.serving.names import Name
from engine.runs.telling.recipients import failing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_OF_A_FLOW = ("flow", "binding")
_RUN_SECONDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800)


class Figures:
    """Counts since this `serve` began, and what the ledger says at the moment of asking."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        own = self._registry
        self._runs = Counter(
            "mapping_studio_runs", "Runs by how they ended.", ("flow", "binding", "state"), registry=own
        )
        self._records = Counter(
            "mapping_studio_records", "Records by what became of them.", ("flow", "binding", "state"), registry=own
        )
        self._seconds = Histogram(
            "mapping_studio_run_seconds", "How long runs took.", buckets=_RUN_SECONDS, registry=own
        )
        self._hooks = Counter(
            "mapping_studio_webhooks", "Webhooks by what was said to them.", ("answer",), registry=own
        )
        self._registry.register(_Now(ledger, clock))

    def ran(self, flow: Name, report: RunReport | None, seconds: float) -> None:
        """Count a run; report: None where it could not begin."""
        stopped = report is not None and report.stopped is not None
        self._runs.labels(*flow, "failed" if report is None else "stopped" if stopped else "ended").inc()
        self._seconds.observe(seconds)
        if report is not None:
            for state in ("created", "updated", "skipped"):
                self._records.labels(*flow, state).inc(report.counts[state])
            self._records.labels(*flow, "parked").inc(report.parked_now)

    def hooked(self, status: int) -> None:
        """Count a webhook by the status it was answered with."""
        self._hooks.labels(str(status)).inc()

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)


class _Now(Collector):
    """What is true at the moment of asking, read from the ledger."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked when it is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        now = self._clock.now()
        late = GaugeMetricFamily("mapping_studio_late_seconds", "How late a flow is.", labels=_OF_A_FLOW)
        ran = GaugeMetricFamily(
            "mapping_studio_last_ended_seconds", "When it last ended, Unix time.", labels=_OF_A_FLOW
        )
        well = GaugeMetricFamily(
            "mapping_studio_last_run_well", "1 where its last run went through.", labels=_OF_A_FLOW
        )
        timetable = self._ledger.timetable()
        for planned in timetable:
            late.add_metric(name_of(planned), _late(planned.due_at, now))
            if planned.last_ended is not None:
                ran.add_metric(name_of(planned), planned.last_ended.timestamp())
                well.add_metric(name_of(planned), float(planned.problem is None))
        waiting = float(self._ledger.hints_waiting())
        yield from (late, ran, well)
        yield GaugeMetricFamily(
            "mapping_studio_inbox_waiting", "What webhooks brought and is not fetched yet.", waiting
        )
        yield GaugeMetricFamily("mapping_studio_paused", "How many pauses hold.", float(len(self._ledger.pauses())))
        lost = float(len(failing(self._ledger)))
        yield GaugeMetricFamily("mapping_studio_telling_failing", "Recipients whom messages do not reach.", lost)
        wrong = Counting(name_of(cause) for cause in self._ledger.causes() if cause.state == OPEN)
        open_now = GaugeMetricFamily("mapping_studio_causes_open", "What is wrong with a flow.", labels=_OF_A_FLOW)
        for planned in timetable:
            open_now.add_metric(name_of(planned), float(wrong.pop(name_of(planned), 0)))
        for flow, count in wrong.items():
            open_now.add_metric(flow, float(count))
        yield open_now


def _late(due_at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - due_at).total_seconds()) if due_at is not None else 0.0
