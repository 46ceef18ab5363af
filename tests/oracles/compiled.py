"""Compiles an emitted project once for all of its copies.

A copied file keeps its time, and Python takes the bytecode beside a source of the same time: of a project that is tried many
times with one change each, only what is changed is compiled again.
"""

import contextlib
import io
import multiprocessing
import os
import sys

import pytest


def compile_once(root):
    """Read a project and its tests in a process of its own, which leaves their bytecode beside them.

    From now on bytecode is looked for there, and whoever is forked does the same.
    """
    sys.pycache_prefix = None
    reader = multiprocessing.get_context("fork").Process(target=read, args=(root,))
    reader.start()
    reader.join()
    if reader.exitcode:
        sys.exit("the tests of the project can't be collected")


def read(root):
    """Import everything that tests import."""
    os.chdir(root)
    sys.path.insert(0, str(root))
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", f"--rootdir={root}"])
    sys.exit(code)
