"""The one place that writes below feeds/."""
