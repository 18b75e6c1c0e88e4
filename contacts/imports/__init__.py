"""Bringing in the directory that the Secretariat keeps as a spreadsheet: read, looked at, then all or nothing."""
