from soso.sources.json_lines.report import Report
from soso.sources.json_lines.rows import DeskRow


def test_a_clean_reading_says_nothing() -> None:
    report = Report()
    report.count(DeskRow(unknown=frozenset()))
    assert (report.understood, report.notices(), report.take_skipped()) == (1, (), {})


def test_bad_lines_are_counted_and_the_first_are_named() -> None:
    report = Report()
    for number in range(1, 9):
        report.skip("not JSON", number)
    report.skip("no type", 20)
    assert report.take_skipped() == {"not JSON": 8, "no type": 1}
    assert report.take_skipped() == {}
    assert report.notices() == ("not JSON: line 1, 2, 3, 4, 5 and 3 more", "no type: line 20")
    assert report.failure() == (
        "no line is a row of ours (not JSON: line 1, 2, 3, 4, 5 and 3 more)"
    )
    assert Report().failure() == "there are no rows"


def test_unknown_fields_are_named() -> None:
    report = Report()
    for names in ({"mood"}, {"mood", "x\x1b[0m"}):
        report.count(DeskRow(unknown=frozenset(names)))
    assert report.notices() == ("unknown fields: 'mood' (2), 'x\\x1b[0m' (1)",)


def test_a_flood_of_reasons_and_names_stays_small() -> None:
    report = Report()
    for number in range(1000):
        report.skip(f"reason {number}", number)
        report.count(DeskRow(unknown=frozenset({f"field {number}"})))
    skipped = report.take_skipped()
    assert (len(skipped), sum(skipped.values())) == (101, 1000)
    assert report.notices()[-1].endswith("and 95 more")
