"""One training run's cost as a document that others can read, compare and compute again."""
