"""From metric definitions to one SQL statement, built once and reused for every day."""

from banso.engine.compile.statement import Statement, compile_metrics, compile_rows

__all__ = ["Statement", "compile_metrics", "compile_rows"]
