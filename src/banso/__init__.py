"""Banso: sales and customer success on one thread, from promise to outcome."""
