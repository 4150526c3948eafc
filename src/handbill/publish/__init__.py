"""Pure: what is public at a given moment."""
