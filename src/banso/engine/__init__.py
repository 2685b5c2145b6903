"""Metrics as data: definitions in, values per account and day out. Knows no Django.

A metric is a JSON object (:mod:`banso.engine.definitions`) over a dataset
(:mod:`banso.engine.datasets`) kept in the :class:`banso.engine.warehouse.Warehouse`.
:func:`banso.engine.evaluate.evaluate` gives the values as of one day,
:func:`banso.engine.history.history` those of every day of a span, and
:mod:`banso.engine.explain` the rows behind one of them.
"""
