# -*- coding: utf-8 -*-
"""Sets everything up and starts it: ``python3 tools/bootstrap.py run|test|check|bench|lock``.

Only the standard library, and in this file only what every Python 3 can read, so that one that is too old answers with
a sentence. The work itself is in ``bootstrap_parts``.
"""

import os
import subprocess
import sys

OLDEST = (3, 11)
OTHERS = ("python3.11", "python3.12", "python3.13")
PROBE = "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)"


def new_enough(name):
    """Return whether the program ``name`` is a Python that this project runs on."""
    try:
        with open(os.devnull, "wb") as nowhere:
            return subprocess.call([name, "-c", PROBE], stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


def main(argv):
    """Hand over to the parts, with another Python where this one is too old; return the exit code."""
    if sys.version_info < OLDEST:
        for name in OTHERS:
            if new_enough(name):
                os.execvp(name, [name, os.path.abspath(__file__)] + argv)
        found = ".".join(str(part) for part in sys.version_info[:3])
        sentence = (
            "需要 Python 3.11 或更高版本，这里的 python3 是 {}。"
            "请先安装（例如 Debian 12：apt-get install python3 python3-venv），再重新运行。\n"
        ).format(found)
        stream = getattr(sys.stderr, "buffer", sys.stderr)
        stream.write(sentence.encode("utf-8"))
        return 1
    from bootstrap_parts.tasks import perform

    return perform(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
