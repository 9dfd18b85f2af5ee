"""An export of each product as it writes it, with the values that come out of it, worked by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

# 2026-10-01T00:00:00Z in seconds, and the day that is settled everywhere.
MIDNIGHT = 1790812800
DAY = 86400


@dataclass(frozen=True)
class Case:
    """An export ``of`` its preset, what the agreement says of it beside path and format, the measure, the values."""

    preset: str
    of: str
    export: Any
    measure: dict[str, Any]
    values: dict[str, str]
    terms: dict[str, Any] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)
    per: str | None = None
    kind: str = "share"
    coverage: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the file of the export is called."""
        return "export.csv" if isinstance(self.export, str) else "export.json"

    @property
    def written(self) -> str:
        """The file of the export."""
        return self.export if isinstance(self.export, str) else json.dumps(self.export)

    @property
    def agreement(self) -> dict[str, Any]:
        """An agreement in the shortest form that reads it."""
        rest = dict(self.rest)
        level: dict[str, Any] = {
            "measure": self.measure,
            "target": {"share": ">= 1%", "number": ">= 0", "length": ">= 0s"}[self.kind],
        }
        if "missing" in rest:
            level["missing"] = rest.pop("missing")
        if self.per:
            level["per"] = self.per
        return {
            "timezone": "UTC",
            "period": "day",
            "sources": {"export": {"path": self.name, "format": self.preset, **self.terms}},
            "service_levels": {"level": level},
            **rest,
        }


AVAILABLE = {"kind": "availability", "from": "down"}
UP = {"outages": {"down": {"from": "export"}}}


def at(hours: float) -> int:
    return MIDNIGHT + int(hours * 3600)


def iso(hours: float, ending: str = "Z") -> str:
    minutes = round(hours * 60)
    return f"2026-10-01T{minutes // 60:02}:{minutes % 60:02}:00{ending}"


CASES = {
    # up is 0 from 06:00 to 09:00 on a; b has NaN at 12:00, so from 12:00 on nobody knows: 12 h known, all up.
    "prometheus": Case(
        "prometheus",
        "range",
        {
            "status": "success",
            "data": {
                "resultType": "matrix",
                "result": [
                    {"metric": {"instance": "a"}, "values": [[at(0), "1"], [at(6), "0"], [at(9) + 0.0, "1"]]},
                    {"metric": {"instance": "b"}, "values": [[at(0), "1"], [at(12), "NaN"]]},
                ],
            },
        },
        AVAILABLE,
        {"a": "21/24", "b": "1"},
        {"hold": "until-next"},
        {"outages": {"down": {"from": "export", "when": {"value": "< 1"}}}, "missing": "exclude"},
        per="metric.instance",
        coverage={"a": "1", "b": "12/24"},
    ),
    "prometheus, one answer": Case(
        "prometheus",
        "instant",
        {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [at(1), "0.9987"]}]}},
        {"kind": "reported-value", "from": "export"},
        {"": "9987/10000"},
        kind="number",
    ),
    # In no order; the mean of 10, 20 and 60.
    "cloudwatch, statistics": Case(
        "cloudwatch",
        "statistics",
        {
            "Datapoints": [
                {"Timestamp": iso(3), "Maximum": 60.0, "Unit": "Percent"},
                {"Timestamp": iso(1), "Maximum": 10, "Unit": "Percent"},
                {"Timestamp": iso(2), "Maximum": 20.0, "Unit": "Percent"},
            ],
            "Label": "CPUUtilization",
        },
        {"kind": "statistic", "from": "export", "statistic": "mean"},
        {"": "30"},
        kind="number",
    ),
    # Parallel lists, newest first.
    "cloudwatch, data": Case(
        "cloudwatch",
        "data",
        {
            "MetricDataResults": [
                {"Id": "m1", "Label": "a", "Timestamps": [iso(2, "+00:00"), iso(1, "+00:00")], "Values": [5.5, 4.5]},
                {"Id": "m2", "Label": "b", "Timestamps": [iso(1, "+00:00")], "Values": [96.85]},
            ],
            "Messages": [],
        },
        {"kind": "statistic", "from": "export", "statistic": "mean"},
        {"a": "5", "b": "9685/100"},
        per="label",
        kind="number",
    ),
    # OK since the day before, an alarm from 10:00 to 16:00; the other record is no change of state.
    "cloudwatch, alarm history": Case(
        "cloudwatch",
        "alarm-history",
        {
            "AlarmHistoryItems": [
                {
                    "Timestamp": iso(16),
                    "HistoryItemType": "StateUpdate",
                    "AlarmName": "api",
                    "HistorySummary": "Alarm updated from ALARM to OK",
                },
                {
                    "Timestamp": iso(12),
                    "HistoryItemType": "Action",
                    "AlarmName": "api",
                    "HistorySummary": "Successfully executed action",
                },
                {
                    "Timestamp": iso(10),
                    "HistoryItemType": "StateUpdate",
                    "AlarmName": "api",
                    "HistorySummary": "Alarm updated from OK to ALARM",
                },
                {
                    "Timestamp": "2026-09-30T08:00:00.442Z",
                    "HistoryItemType": "StateUpdate",
                    "AlarmName": "api",
                    "HistorySummary": "Alarm updated from ALARM to OK",
                },
            ]
        },
        AVAILABLE,
        {"": "18/24"},
        rest=UP,
    ),
    # One interval has no average: it is left out, not 0.
    "azure-monitor": Case(
        "azure-monitor",
        "metrics",
        {
            "interval": "PT1H",
            "value": [
                {
                    "name": {"value": "Latency"},
                    "timeseries": [
                        {
                            "metadatavalues": [],
                            "data": [
                                {"timeStamp": iso(1), "average": 10.0},
                                {"timeStamp": iso(2)},
                                {"timeStamp": iso(3), "average": 50.0},
                            ],
                        }
                    ],
                }
            ],
        },
        {"kind": "statistic", "from": "export", "statistic": "mean"},
        {"": "30"},
        kind="number",
    ),
    "datadog": Case(
        "datadog",
        "query",
        {
            "status": "ok",
            "series": [
                {
                    "metric": "m",
                    "scope": "env:prod",
                    "pointlist": [[at(1) * 1000.0, 4.0], [at(2) * 1000.0, None], [at(3) * 1000.0, 8.0]],
                }
            ],
        },
        {"kind": "statistic", "from": "export", "statistic": "mean"},
        {"": "6"},
        kind="number",
    ),
    # 0 up, 1 down from 06:00, 2 no data from 12:00, 0 up from 18:00: 12 of 18 known hours.
    "datadog, history": Case(
        "datadog",
        "slo-history",
        {"data": {"overall": {"sli_value": 66.67, "history": [[at(0), 0], [at(6), 1], [at(12), 2], [at(18), 0]]}}},
        AVAILABLE,
        {"": "12/18"},
        rest={**UP, "missing": "exclude"},
        coverage={"": "18/24"},
    ),
    "datadog, counts": Case(
        "datadog",
        "slo-counts",
        {
            "data": {
                "series": {
                    "times": [at(h) * 1000 for h in range(24)],
                    "numerator": {"values": [9.0] * 24},
                    "denominator": {"values": [10] * 24},
                }
            }
        },
        {"kind": "success-rate", "from": "export"},
        {"": "9/10"},
        {"shape": "counts", "interval": "1h"},
    ),
    # Down from 06:00 for three hours; newest first, after a check that began the day before.
    "uptimerobot": Case(
        "uptimerobot",
        "logs",
        {
            "stat": "ok",
            "monitors": [
                {
                    "id": 1,
                    "friendly_name": "Web",
                    "status": 2,
                    "logs": [
                        {"type": 2, "datetime": at(9)},
                        {"type": 1, "datetime": at(6)},
                        {"type": 2, "datetime": at(-5)},
                    ],
                },
                {
                    "id": 2,
                    "friendly_name": "Api",
                    "status": 0,
                    "logs": [{"type": 99, "datetime": at(12)}, {"type": 2, "datetime": at(-5)}],
                },
            ],
        },
        AVAILABLE,
        {"Web": "21/24", "Api": "1"},
        rest={**UP, "missing": "exclude"},
        per="monitor",
        coverage={"Web": "1", "Api": "12/24"},
    ),
    # The states end by themselves at 20:00; a down nobody confirmed is unknown. 12 h up, 4 h down.
    "pingdom": Case(
        "pingdom",
        "outage",
        {
            "summary": {
                "states": [
                    {"status": "up", "timefrom": at(0), "timeto": at(12)},
                    {"status": "down", "timefrom": at(12), "timeto": at(16)},
                    {"status": "unconfirmed_down", "timefrom": at(16), "timeto": at(20)},
                ]
            }
        },
        AVAILABLE,
        {"": "12/16"},
        rest={**UP, "missing": "exclude"},
        coverage={"": "16/24"},
    ),
    "pingdom, results": Case(
        "pingdom",
        "results",
        {
            "results": [
                {"probeid": 3, "time": at(2), "status": "up", "responsetime": 300},
                {"probeid": 3, "time": at(1), "status": "down"},
                {"probeid": 3, "time": at(0), "status": "up", "responsetime": 100},
            ]
        },
        {"kind": "statistic", "from": "export", "statistic": "mean"},
        {"": "200000"},
        kind="length",
    ),
    # Down from 04:00 to 06:00 and again from 22:00, which lasts; a hole from 10:00 to 12:00.
    "statuscake": Case(
        "statuscake",
        "periods",
        {
            "data": [
                {"status": "down", "created_at": iso(22)},
                {"status": "up", "created_at": iso(12), "ended_at": iso(22), "duration": 36000000},
                {"status": "up", "created_at": iso(6), "ended_at": iso(10), "duration": 14400000},
                {"status": "down", "created_at": iso(4), "ended_at": iso(6), "duration": 7200000},
                {"status": "up", "created_at": "2026-09-01T00:00:00Z", "ended_at": iso(4)},
            ]
        },
        AVAILABLE,
        {"": "18/22"},
        rest={**UP, "missing": "exclude"},
        coverage={"": "22/24"},
    ),
    "statuscake, history": Case(
        "statuscake",
        "history",
        {
            "data": [
                {"created_at": iso(12), "location": "EU", "status_code": 503, "performance": 900},
                {"created_at": iso(0), "location": "EU", "status_code": 200, "performance": 100},
            ]
        },
        AVAILABLE,
        {"": "12/24"},
        {"hold": "12h"},
        {"outages": {"down": {"from": "export", "when": {"status_code": ">= 500"}}}},
    ),
    # Monitor 1 down for a minute of three; 2 pending for one; times have no zone and are UTC.
    "uptime-kuma": Case(
        "uptime-kuma",
        "heartbeats",
        {
            "heartbeatList": {
                "1": [
                    {"status": s, "time": f"2026-10-01 {h:02}:00:00.000", "msg": "", "ping": p}
                    for h, s, p in ((0, 1, 5), (8, 0, None), (16, 1, 7))
                ],
                "2": [
                    {"status": s, "time": f"2026-10-01 {h:02}:00:00.000", "msg": "", "ping": 1}
                    for h, s in ((0, 1), (8, 2), (16, 1))
                ],
            },
            "uptimeList": {"1_24": 0.66},
        },
        AVAILABLE,
        {"1": "16/24", "2": "1"},
        {"hold": "8h"},
        {**UP, "missing": "exclude"},
        per="monitor",
        coverage={"1": "1", "2": "16/24"},
    ),
    # Nine digits behind the second; a gap of 6 h after the last result that `hold` does not fill.
    "gatus": Case(
        "gatus",
        "statuses",
        [
            {
                "name": "web",
                "group": "core",
                "key": "core_web",
                "results": [
                    {
                        "status": 200,
                        "duration": 123456789,
                        "success": True,
                        "timestamp": "2026-10-01T00:00:00.000000000Z",
                        "errors": [],
                    },
                    {
                        "status": 500,
                        "duration": 1000,
                        "success": False,
                        "timestamp": "2026-10-01T06:00:00.000000499Z",
                        "errors": ["x"],
                    },
                    {
                        "status": 200,
                        "duration": 1000,
                        "success": True,
                        "timestamp": "2026-10-01T12:00:00.000000999Z",
                        "errors": [],
                    },
                ],
            }
        ],
        AVAILABLE,
        {"core_web": "12/18"},
        {"hold": "6h"},
        {**UP, "missing": "exclude"},
        per="endpoint",
        coverage={"core_web": "18/24"},
    ),
    # Newest first, with and without an offset of its own; an impact of none is no outage.
    "statuspage": Case(
        "statuspage",
        "incidents",
        {
            "incidents": [
                {
                    "id": "c",
                    "name": "News",
                    "shortlink": "s",
                    "impact": "none",
                    "status": "resolved",
                    "created_at": iso(20),
                    "started_at": iso(20),
                    "resolved_at": iso(21),
                },
                {
                    "id": "b",
                    "name": "Slow",
                    "shortlink": "s",
                    "impact": "minor",
                    "status": "resolved",
                    "created_at": iso(12),
                    "started_at": iso(12),
                    "resolved_at": "2026-10-01T07:00:00.441-06:00",
                },
                {
                    "id": "a",
                    "name": "Down",
                    "shortlink": "s",
                    "impact": "major",
                    "status": "resolved",
                    "created_at": iso(2),
                    "started_at": iso(2),
                    "resolved_at": iso(4),
                },
            ]
        },
        {"kind": "count", "from": "down"},
        {"": "2"},
        rest=UP,
        kind="number",
    ),
    # Two resolved within 1 h and 3 h, one open for the rest of the day: one of three within 2 h.
    "pagerduty": Case(
        "pagerduty",
        "incidents",
        {
            "incidents": [
                {
                    "incident_number": 3,
                    "created_at": iso(12),
                    "status": "triggered",
                    "urgency": "high",
                    "service": {"summary": "Api"},
                    "resolved_at": None,
                    "acknowledgements": [],
                },
                {
                    "incident_number": 2,
                    "created_at": iso(6),
                    "status": "resolved",
                    "urgency": "high",
                    "service": {"summary": "Api"},
                    "resolved_at": iso(9),
                    "acknowledgements": [],
                },
                {
                    "incident_number": 1,
                    "created_at": iso(1),
                    "status": "resolved",
                    "urgency": "high",
                    "service": {"summary": "Api"},
                    "resolved_at": iso(2),
                    "acknowledgements": [],
                },
            ]
        },
        {"kind": "share-within", "from": "export", "between": ["opened", "resolved"], "limit": "2h"},
        {"": "1/3"},
    ),
    # Of one metric a completed cycle of 1 h and one that goes on since 20:00; offsets have no colon.
    "jira-sm": Case(
        "jira-sm",
        "sla",
        {
            "size": 1,
            "values": [
                {
                    "id": "203",
                    "name": "Time to resolution",
                    "_links": {"self": "https://acme.example/rest/servicedeskapi/request/1/sla/203"},
                    "completedCycles": [
                        {
                            "startTime": {"iso8601": "2026-10-01T03:00:00-0600"},
                            "stopTime": {"iso8601": "2026-10-01T04:00:00-0600"},
                            "breached": False,
                            "elapsedTime": {"millis": 3600000},
                        }
                    ],
                    "ongoingCycle": {
                        "startTime": {"iso8601": "2026-10-01T14:00:00-0600"},
                        "breached": True,
                        "remainingTime": {"millis": -600000},
                    },
                }
            ],
        },
        {"kind": "share-within", "from": "export", "between": ["opened", "stopped"], "limit": "2h"},
        {"": "1/2"},
    ),
    "servicenow": Case(
        "servicenow",
        "task-sla",
        {
            "result": [
                {
                    "sys_id": "a",
                    "task": {"display_value": "INC1", "value": "x"},
                    "has_breached": "false",
                    "start_time": "2026-10-01 10:00:00",
                    "end_time": "2026-10-01 11:00:00",
                    "stage": "completed",
                },
                {
                    "sys_id": "b",
                    "task": {"display_value": "INC2", "value": "y"},
                    "has_breached": "true",
                    "start_time": "2026-10-01 10:00:00",
                    "end_time": "",
                    "stage": "in_progress",
                },
            ]
        },
        {"kind": "share-within", "from": "export", "between": ["opened", "ended"], "limit": "2h"},
        {"": "1/2"},
    ),
    # Both forms of each value: that of the user is an hour ahead and not read.
    "servicenow, all": Case(
        "servicenow",
        "incident-values",
        {
            "result": [
                {
                    key: {"value": value, "display_value": shown}
                    for key, value, shown in (
                        ("number", "INC1", "INC1"),
                        ("opened_at", "2026-10-01 22:00:00", "2026-10-02 00:00:00"),
                        ("resolved_at", "2026-10-01 23:00:00", "2026-10-02 01:00:00"),
                        ("priority", "1", "1 - Critical"),
                    )
                }
            ]
        },
        {"kind": "share-within", "from": "export", "between": ["opened", "resolved"], "limit": "1h"},
        {"": "1"},
    ),
    "zendesk": Case(
        "zendesk",
        "ticket-metrics",
        {
            "ticket_metrics": [
                {
                    "id": 33,
                    "ticket_id": 1,
                    "created_at": iso(1),
                    "solved_at": iso(2),
                    "reply_time_in_minutes": {"business": 5, "calendar": 20},
                    "full_resolution_time_in_minutes": {"business": 60, "calendar": 60},
                },
                {
                    "id": 34,
                    "ticket_id": 2,
                    "created_at": iso(3),
                    "solved_at": None,
                    "reply_time_in_minutes": {"business": None, "calendar": None},
                    "full_resolution_time_in_minutes": {"business": None, "calendar": None},
                },
            ]
        },
        {"kind": "share-within", "from": "export", "between": ["opened", "solved"], "limit": "2h"},
        {"": "1/2"},
    ),
    "jmeter": Case(
        "jmeter",
        "results",
        "timeStamp,elapsed,label,responseCode,success\n"
        + "".join(f"{(at(1) + n) * 1000},{n * 10},home,200,{'false' if n == 4 else 'true'}\n" for n in range(1, 5)),
        {"kind": "success-rate", "from": "export"},
        {"": "3/4"},
        {"shape": "counts"},
    ),
    "jira-sm, issues": Case(
        "jira-sm",
        "issues",
        "Issue key,Created,Resolved,Priority,Status\nSD-2,01/Oct/26 2:00 PM,,High,Open\n"
        "SD-1,01/Oct/26 9:00 AM,01/Oct/26 10:00 AM,High,Done\n",
        {"kind": "share-within", "from": "export", "between": ["opened", "resolved"], "limit": "2h"},
        {"": "1/2"},
        {"timezone": "Europe/Berlin"},
    ),
    # A series in each column, one of which has no sample at 06:00, and a separator too many. b is down from 12:00.
    "grafana": Case(
        "grafana",
        "series-as-columns",
        "Time;a;b;\n2026-10-01T00:00:00.000Z;1;1;\n2026-10-01T06:00:00.000Z;;1;\n2026-10-01T12:00:00.000Z;1;0;\n",
        AVAILABLE,
        {"a": "1", "b": "12/24"},
        {"hold": "12h"},
        {"outages": {"down": {"from": "export", "when": {"value": "< 1"}}}},
        per="series",
    ),
    "grafana, times as numbers": Case(
        "grafana",
        "series-as-columns-epoch",
        f"Time;Int32polled.distinct;\n{at(2) * 1000};30;\n{at(1) * 1000};10;\n",
        {"kind": "statistic", "from": "export", "statistic": "mean"},
        {"": "20"},
        kind="number",
    ),
    # Thousands that stand without quotes in a table of semicolons; an offset of eleven hours.
    "grafana, series as rows": Case(
        "grafana",
        "series-as-rows",
        '"Series";"Time";"Value"\n"a";"2026-10-01T12:00:00+11:00";1,721,992.5\n"a";"2026-10-01T13:00:00+11:00";8.5\n'
        '"b";"2026-10-01T12:00:00+11:00";null\n"b";"2026-10-01T13:00:00+11:00";7\n',
        {"kind": "statistic", "from": "export", "statistic": "mean"},
        {"a": "861000.5", "b": "7"},
        {"thousands": ","},
        per="series",
        kind="number",
    ),
    "grafana, series as rows, times as numbers": Case(
        "grafana",
        "series-as-rows-epoch",
        f'"Series";"Time";"Value"\n"a";{at(1) * 1000};5\n',
        {"kind": "statistic", "from": "export", "statistic": "mean"},
        {"": "5"},
        kind="number",
    ),
}
