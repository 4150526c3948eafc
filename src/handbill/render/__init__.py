"""Pure: what is published becomes bytes or text, one module for each kind of output."""
