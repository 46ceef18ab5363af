"""One module per stage; each builds on ``base``."""
