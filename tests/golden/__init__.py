"""Golden vignettes: what was expected from the law and the report, written before it was run."""
