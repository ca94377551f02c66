from odoo.tests import TransactionCase, tagged

from ..tools.swimlane import DECISION, END, PROCESS, START, Arrow, Line, background, draw, shapes


@tagged("post_install", "-at_install")
class TestSwimlane(TransactionCase):
    """The flow in the actor columns."""

    def test_way_on_goes_sideways_and_then_down(self):
        cells = draw([0, 2], [Arrow(0, 1, "forward")])
        self.assertEqual(
            cells,
            {
                (0, 0): [Line(0.5, 0.5, 1, 0.5, "line")],
                (0, 1): [Line(0, 0.5, 1, 0.5, "line")],
                (0, 2): [Line(0, 0.5, 0.5, 0.5, "line"), Line(0.5, 0.5, 0.5, 1, "line")],
                (1, 2): [Line(0.5, 0, 0.5, 0.5, "line")],
            },
        )

    def test_quick_path_is_thick_and_passes_rows(self):
        cells = draw([0, 1, 2], [Arrow(0, 2, "quick")])
        self.assertEqual(cells[1, 2], [Line(0.5, 0, 0.5, 1, "thick")])

    def test_a_shape_in_the_way_is_passed_at_its_side(self):
        cells = draw([0, 0, 0], [Arrow(0, 2, "branch")])
        self.assertEqual(cells[1, 0], [Line(0.9, 0, 0.9, 1, "thin")])

    def test_way_back_is_dashed(self):
        cells = draw([0, 1, 0], [Arrow(2, 1, "return")])
        styles = {line.style for lines in cells.values() for line in lines}
        self.assertEqual(styles, {"dashed"})

    def test_every_line_meets_the_next(self):
        """What leaves a cell enters its neighbour at the same place."""
        columns = [0, 1, 2, 3, 4, 6, 4, 6, 4, 2, 0]
        arrows = [Arrow(row, row + 1, "forward") for row in range(10)]
        arrows += [Arrow(1, 4, "quick"), Arrow(7, 6, "return"), Arrow(9, 1, "return")]
        cells = draw(columns, arrows)
        for (row, column), lines in cells.items():
            for line in lines:
                sides = (
                    (line.x1 == 1, (row, column + 1), "x0", 0, line.y0),
                    (line.y1 == 1, (row + 1, column), "y0", 0, line.x0),
                )
                for leaves, neighbour, start, value, at in sides:
                    if leaves:
                        met = [
                            other
                            for other in cells.get(neighbour, [])
                            if getattr(other, start) == value
                            and at in ((other.y0,) if start == "x0" else (other.x0,))
                        ]
                        self.assertTrue(met, (row, column, line))

    def test_shapes(self):
        arrows = [Arrow(0, 1, "forward"), Arrow(1, 2, "forward"), Arrow(1, 0, "return")]
        self.assertEqual(shapes([0, 1, 2, 0], arrows), [START, DECISION, PROCESS, END])

    def test_row_without_an_actor_has_no_line(self):
        self.assertEqual(draw([0, None], [Arrow(0, 1, "forward")]), {})
        self.assertEqual(background([], str), "")
