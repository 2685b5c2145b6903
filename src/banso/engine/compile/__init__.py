"""From metric definitions to SQL, built once and reused for every day."""

from banso.engine.compile.statement import (
    PassStatement,
    Statement,
    compile_metrics,
    compile_passes,
    compile_rows,
)

__all__ = ["PassStatement", "Statement", "compile_metrics", "compile_passes", "compile_rows"]
