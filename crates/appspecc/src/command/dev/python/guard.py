# Runs before everything that appspecc starts in Python. Standard input is a pipe that appspecc holds: when it closes,
# appspecc is gone, however it ended, and so is whatever was started from here.
import os
import signal
import sys
import threading

_pipe = os.dup(0)
_nothing = os.open(os.devnull, os.O_RDONLY)
os.dup2(_nothing, 0)
os.close(_nothing)


def _end_with_appspecc() -> None:
    while os.read(_pipe, 1024):
        pass
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


threading.Thread(target=_end_with_appspecc, daemon=True).start()
