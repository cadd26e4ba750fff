"""A command on a terminal of its own.

  on_terminal.py COMMAND... -- PATTERN KEYS [PATTERN KEYS]...    when the pattern has come since the keys before, the keys are pressed

Prints what stood on the terminal, and exits with the command's status; 128 and the signal, if it died of one; 99: a pattern never came."""
import os
import pty
import re
import select
import sys
import time

PATIENCE_S = 120


def until(fd, pattern):
    """What comes until the pattern is in it, or the end."""
    text, end = "", time.monotonic() + PATIENCE_S
    while time.monotonic() < end and not (pattern and re.search(pattern, text)):
        if not select.select([fd], [], [], 0.1)[0]:
            continue
        try:
            more = os.read(fd, 65536)
        except OSError:  # the other side is closed
            return text
        if not more:
            return text
        text += more.decode(errors="replace")
    return text


def main(words):
    command, steps = words[:words.index("--")], words[words.index("--") + 1:]
    pid, fd = pty.fork()
    if not pid:
        os.environ["TERM"] = "xterm"
        os.execv(command[0], command)
    for pattern, keys in zip(steps[::2], steps[1::2]):
        text = until(fd, pattern)
        sys.stdout.write(text)
        if not re.search(pattern, text):
            os.kill(pid, 9)
            return 99
        os.write(fd, keys.encode().decode("unicode_escape").encode())
    sys.stdout.write(until(fd, ""))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
