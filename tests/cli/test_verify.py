"""What ./lapor verify says of a result."""

from laporctl.verify import told

GOOD = {
    "broken": [],
    "complaints": 2,
    "events": 30,
    "anchor": "ab" * 32,
    "anchored_at": "2026-01-05 18:00:00",
    "anchor_known": "2026-01-05 18:00:00",
    "checked": [["Frozen Paper", 3], ["Promise", 0]],
    "recorded": 0,
    "skipped": 0,
}


def test_sound_evidence():
    lines, status = told(GOOD, "ab" * 32)
    assert status == 0
    assert lines[0] == "       3 Frozen Paper"
    assert "until 2026-01-05 18:00:00 UTC" in lines[1]
    assert lines[2] == "30 events of 2 complaints: everything holds."
    assert "ab" * 32 in lines[3]


def test_broken_link_is_named():
    broken = {**GOOD, "broken": [{"sentence": "UJI-2026-00001, event 3 (closed): changed"}]}
    lines, status = told(broken)
    assert (lines[0], status) == ("UJI-2026-00001, event 3 (closed): changed", 1)


def test_anchor_that_is_gone():
    lines, status = told({**GOOD, "anchor_known": False}, "cd" * 32)
    assert status == 1
    assert "cd" * 32 in lines[0]


def test_nothing_anchored_is_said():
    lines, status = told({**GOOD, "anchor": False})
    assert status == 0
    assert "would not show" in lines[-1]


def test_what_proves_less_is_counted():
    lines, status = told({**GOOD, "recorded": 7, "skipped": 1})
    assert status == 0
    assert "7 of them are older" in lines[1]
    assert "1 numbers of complaints" in lines[2]
