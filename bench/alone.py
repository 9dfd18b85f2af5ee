"""``python -I -S alone.py FILE COMMAND...``: run a command and write its exit code, seconds, CPU and peak into a file.

The greatest memory of a process counts that of the process that started it, until the command took its place. This one
is small.
"""

from __future__ import annotations

import os
import sys
from time import perf_counter


def main(result: str, *command: str) -> None:
    """Write exit code, seconds on the wall, seconds of CPU and the greatest resident memory in KiB."""
    begun = perf_counter()
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(process, 0)
    wall = perf_counter() - begun
    with open(result, "w", encoding="ascii") as file:
        file.write(f"{os.waitstatus_to_exitcode(status)} {wall} {used.ru_utime + used.ru_stime} {used.ru_maxrss}")


if __name__ == "__main__":
    main(*sys.argv[1:])
