"""Looked at together, on one demonstration: a package, so that it is put away when the last of them has run."""
