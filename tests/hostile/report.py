"""Counts what held, and says what did not."""

import sys

HELD = []
FAILED = []
SHOWN = 400


def held(truth, finding):
    """Remember one answer."""
    if truth:
        HELD.append(1)
    else:
        FAILED.append(finding)


def close():
    """Print the findings and the counts."""
    for finding in FAILED[:SHOWN]:
        print(ascii(finding)[:600])
    print(f"{len(HELD)} held, {len(FAILED)} failed")
    sys.exit(1 if FAILED else 0)
