"""What the tests of the figures ask of every figure."""

from course_code import figures


def labelled(ax, label):
    """The one line with this legend text."""
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return line


def check_layout(draw):
    """Return the Axes of `draw`: those it was given, labelled, the legend clear of the data."""
    given = figures.new_axes()
    ax = draw(ax=given)
    assert ax is given
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    ax.figure.canvas.draw()
    legend = ax.get_legend()
    if legend:
        box = legend.get_window_extent()
        assert box.y0 >= ax.get_window_extent().y1 - 1
        assert box.x1 <= ax.figure.bbox.x1
    return ax
