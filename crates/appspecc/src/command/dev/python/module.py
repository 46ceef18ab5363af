# `python -m MODULE ARGUMENTS`
import runpy

sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
