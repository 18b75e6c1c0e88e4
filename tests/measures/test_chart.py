"""Bars drawn on the server: as long as their number says, with labels that fit the smallest screen."""

from measures.chart import LETTERS_IN_A_LINE, WIDEST, bar_chart


def test_a_bar_is_as_long_as_its_number_says() -> None:
    chart = bar_chart([("None", 0, "0"), ("Half", 5, "5"), ("All", 10, "10")], 10)
    assert [bar.width for bar in chart.bars] == ["0.00%", f"{WIDEST / 2:.2f}%", f"{WIDEST:.2f}%"]


def test_where_nobody_takes_part_the_bars_are_empty() -> None:
    assert [bar.width for bar in bar_chart([("Any", 0, "0")], 0).bars] == ["0%"]


def test_a_long_label_goes_over_several_lines_and_no_bar_lies_on_another() -> None:
    chart = bar_chart([("word " * 30, 1, "1"), ("next", 1, "1")], 1)
    first, second = chart.bars
    assert all(len(line) <= LETTERS_IN_A_LINE for line, _y in first.label)
    assert [y for _line, y in first.label] == sorted(y for _line, y in first.label)
    assert first.label[-1][1] < first.top < second.label[0][1] < second.top < chart.height
