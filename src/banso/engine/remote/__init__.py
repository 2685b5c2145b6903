"""Metric values from an engine other than the warehouse, such as an existing Spark cluster.

:func:`connect` takes an address like ``spark://host:7077?tables=/lake/banso``, and
:func:`banso.engine.evaluate.evaluate` measures on what it returns as it does on the warehouse.
:func:`export_facts` writes the tables that such an engine reads. History and the rows behind a
value come from the warehouse.
"""

from banso.engine.remote.address import Address, parse_address
from banso.engine.remote.connection import connect
from banso.engine.remote.export import export_facts
from banso.engine.remote.facts import RemoteFacts

__all__ = ["Address", "RemoteFacts", "connect", "export_facts", "parse_address"]
