"""What became of an import, in the words of the tests."""


def counts(run):
    """New, changed, unchanged and refused rows."""
    return run.new, run.changed, run.unchanged, run.rejected


def told(run):
    """Row, column and code of everything that was wrong."""
    return [(p.row, p.column, p.code) for p in run.problems.order_by("row", "id")]
