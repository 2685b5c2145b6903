"""Values of metrics as arrays."""

from __future__ import annotations

import duckdb
import numpy as np

from banso.health.services.values import floats


def test_values_keep_nothing_of_the_answer_that_they_came_from_alive() -> None:
    answer = duckdb.sql("SELECT * FROM (VALUES (1.5), (NULL), (4.0)) AS t(value)").to_arrow_table()
    values = floats(answer["value"])
    assert values.flags.owndata
    np.testing.assert_array_equal(values, [1.5, np.nan, 4.0])


def test_whole_numbers_become_floats() -> None:
    answer = duckdb.sql("SELECT CAST(range AS BIGINT) AS number FROM range(3)").to_arrow_table()
    assert floats(answer["number"]).tolist() == [0.0, 1.0, 2.0]
