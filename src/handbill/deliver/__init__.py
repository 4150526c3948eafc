"""The edge to subscribers."""
