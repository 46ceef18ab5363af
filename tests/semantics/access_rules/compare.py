"""Asks the rules of a project in four ways, and prints where the answers differ.

The list of `permitted`, `has_perm` row by row, what a write comes to, and what the rules say when they are evaluated over plain
rows, which shares nothing with the project. Called with the rules as JSON and a seed. Behind them may stand `reading` or `writing`,
where only that is of interest and one difference is enough.
"""

import json
import sys

import django

django.setup()

from django.db import transaction
from reading import Reading
from rows import Filling
from writing import Writing


def main(path, seed, *, part="", is_first_enough=False):
    with open(path, encoding="utf-8") as file:
        rules = json.load(file)
    with transaction.atomic():
        filling = Filling(rules, seed)
        filling.fill()
        differences = []
        reading = Reading(rules, differences)
        writing = Writing(rules, reading, filling)
        for asked, name in ((reading, "reading"), (writing, "writing")):
            if part in {"", name}:
                for _ in asked.compare():
                    if is_first_enough and differences:
                        break
        transaction.set_rollback(True)
    for told in differences[:5]:
        print(told)
    print(json.dumps({"differences": len(differences), "asked": reading.counts, "tried": writing.counts}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), part="".join(sys.argv[3:4]), is_first_enough=len(sys.argv) > 3)
