"""The demo company: a deterministic simulator that writes plain files for the ordinary import."""

from banso.connectors.demo.generator import DEFAULT_SEED, DemoFiles, generate

__all__ = ["DEFAULT_SEED", "DemoFiles", "generate"]
