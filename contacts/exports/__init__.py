"""The directory as files: spreadsheets, address cards, paper."""
