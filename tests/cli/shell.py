#!/usr/bin/env python3
"""The shell on a terminal of 80 columns and 24 rows: Tab, `?`, history, colours, the end."""
import os, pty, re, select, signal, sys, time, fcntl, struct, termios

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
count = failed = 0

def ok(passed, name, detail=""):
    global count, failed
    count += 1
    print(f"{'' if passed else 'not '}ok {count} - {name}")
    if not passed:
        failed += 1
        print("#", repr(detail))

def start(env):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(env)
        os.execv(root + "/build/sarai", ["sarai", "-s", "/nonexistent/sarai.sock"])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    return pid, fd

def read_until(fd, pattern, seconds=60):
    """What came until the pattern was in it."""
    text, end = "", time.monotonic() + seconds
    while time.monotonic() < end and not re.search(pattern, text):
        if select.select([fd], [], [], 0.05)[0]:
            try:
                text += os.read(fd, 65536).decode(errors="replace")
            except OSError:
                break
    return text

def wait_for_raw(fd, seconds=60):
    """Until the line editor has the terminal: it writes its prompt a moment before, and ^D would be the terminal's until then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and termios.tcgetattr(fd)[3] & termios.ICANON:
        time.sleep(0.01)

def end_of(pid, seconds=60):
    """The exit status, or None when it does not end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None

def say(fd, keys, pattern):
    os.write(fd, keys.encode())
    return read_until(fd, pattern)

pid, fd = start({"TERM": "xterm"})
ok("sarai> " in read_until(fd, "sarai> "), "there is a prompt")
text = say(fd, "sh\t", "ow ")
ok("ow " in text, "Tab completes a word", text)
text = say(fd, "\t", "participants")
ok("members" in text and "participants" in text, "Tab shows what may follow", text)
text = say(fd, "mem", "mem")
text = say(fd, "?", "members")
ok("members" in text and "status" not in text, "? shows what begins like that", text)
text = say(fd, "ber ?", "ASN")
ok("ASN|NAME" in text, "? names a word of one's own", text)
text = say(fd, "\x15", r"\x1b\[K")
prompt = r"[\s\S]*sarai> " # a command is over, and the terminal raw again, when the next prompt is there
text = say(fd, "ver\t\r", r"sarai \d" + prompt)
ok(re.search(r"sarai \d", text) is not None, "a completed command runs", text)
text = say(fd, "\x10\r", r"sarai \d" + prompt)
ok(re.search(r"sarai \d", text) is not None, "the history brings it back", text)
text = say(fd, "show status\r", "no hub" + prompt)
ok("no hub runs" in text, "a question without a hub is refused, and the shell goes on", text)
# Names: of a hub file that the line names, and of the calculator. Without a hub there are none. What was completed is seen by
# what the command then says.
hub = "--hub " + root + "/examples/silkroad.yaml "
text = say(fd, "corridor site " + hub + "fra\t\r", prompt)
ok("Frankfurt" in text, "Tab completes a site, however it is written", text)
text = say(fd, "corridor site " + hub + "Frankf\t\r", prompt)
ok("Frankfurt" in text and "nothing" not in text and "FRA" in text, "by its name, too", text)
text = say(fd, "corridor whatif " + hub + "TR,RED_S\t\r", prompt)
ok("What a cut of TR (Turkey), RED_SEA" in text, "one of a list, behind the comma", text)
text = say(fd, "corridor segment " + hub + "B0\t", "B03")
ok("B01" in text and "B03" in text, "where there are several they are shown", text)
text = say(fd, "\x15corridor whatif " + hub + "AAE?", "Asia Africa")
ok("Asia Africa Europe 1" in text, "with what else they are called, a cable for one", text)
text = say(fd, "\x15corridor reckon latenc\tleng\t380km\r", "one way" + prompt)
ok("one way" in text, "a topic of the calculator and its inputs", text)
text = say(fd, "corridor segment B0\t\r", "no hub" + prompt)
ok("B01" not in text, "without a hub there are no names", text)
text = say(fd, "shew\r", "expected" + prompt)
ok("expected one of" in text, "a wrong word is told", text)
os.write(fd, b"quit\r")
ok(end_of(pid) == 2, "quit ends it with the status of the last command")
pid, fd = start({"TERM": "xterm"})
read_until(fd, "sarai> ")
wait_for_raw(fd)
os.write(fd, b"\x04")
ok(end_of(pid) == 0, "so does the end of input")
print(f"1..{count}")
sys.exit(1 if failed else 0)
