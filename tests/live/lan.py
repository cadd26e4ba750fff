"""What the tests with real daemons share: TAP, processes, a LAN of network namespaces, and the hub on it.

A test is an executable script that begins with `lan.enter()`: it goes on in network, mount and process namespaces of its own,
which vanish with everything in them. The hub is 10.99.0.1 and 2001:db8:ffff::1, AS 64500; member number n is AS 64600 + n,
10.99.0.n and 2001:db8:ffff::n.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

RS = 64500
STARTED = []
COUNT = {"ok": 0, "not ok": 0, "skipped": 0}
SARAI = os.environ.get("SARAI", "build/sarai")


def enter():
    """Goes on in namespaces of its own. Needs root, for the daemons change their user."""
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    if os.getuid():
        print("1..0 # SKIP only root can make network namespaces and start the other daemons")
        sys.exit(0)
    if "--inside" not in sys.argv:
        os.execvp("unshare", ["unshare", "-nm", "--propagation", "private", "--kill-child", "-pf", "--mount-proc", sys.executable,
                              os.path.abspath(sys.argv[0]), "--inside"] + sys.argv[1:])


def ok(good, name, detail=""):
    COUNT["ok" if good else "not ok"] += 1
    print("%sok %d - %s" % ("" if good else "not ", sum(COUNT.values()), name))
    if not good and detail != "":
        print("# " + str(detail).replace("\n", "\n# "))
    sys.stdout.flush()
    return good


def skip(name, why):
    COUNT["skipped"] += 1
    print("ok %d - %s # SKIP %s" % (sum(COUNT.values()), name, why))


def run(*words, quiet=False):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode and not quiet:
        print("# %s: %s" % (" ".join(words), (done.stdout + done.stderr).strip()))
    return done.stdout


def start(log, *words):
    with open(log, "ab") as out:
        STARTED.append(subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT))
    return STARTED[-1]


def until(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    return condition()


def wait(condition, seconds=30):
    """Until it holds. So many seconds are plenty; a machine that is slow, or busy, gets six times as many."""
    return until(condition, 6 * seconds)


def not_within(condition, seconds):
    """Whether it does not hold for so long."""
    return not until(condition, seconds)


def faults_of(log):
    """Lines that tell of processes that ended otherwise than this test wanted (it kills with signal 9), or of a sanitizer."""
    with open(log, encoding="utf-8", errors="replace") as lines:
        return [line for line in lines if re.search(r"killed by signal (?!9 )|ended with status|Sanitizer|runtime error", line)]


def finish(directory, logs=()):
    """Ends what was started, looks how the hub ended, tells the logs if anything failed, and gives the status to exit with."""
    for process in reversed(STARTED):
        process.terminate()
        if process.args[0] == SARAI:
            process.wait(60)
    for process in STARTED:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
    faults = faults_of(os.path.join(directory, "sarai.log"))
    ok(not faults, "no process of the hub failed", "".join(faults))
    if COUNT["not ok"]:
        for name in logs:
            with open(os.path.join(directory, name + ".log"), encoding="utf-8", errors="replace") as log:
                print("".join("# %s: %s" % (name, line) for line in log.readlines()[-25:]))
    shutil.rmtree(directory, ignore_errors=True)
    print("1..%d" % sum(COUNT.values()))
    return 1 if COUNT["not ok"] else 0


def play(checks):
    """Calls checks(directory), which returns nothing, and exits with the result."""
    directory = tempfile.mkdtemp()
    os.chmod(directory, 0o755)
    try:
        checks(directory)
    except Exception as problem:  # pylint: disable=broad-except
        ok(False, "the test itself ends", repr(problem))
        raise
    finally:
        logs = sorted(name[:-4] for name in os.listdir(directory) if name.endswith(".log"))
        status = finish(directory, logs)
        sys.stdout.flush()
    sys.exit(status)


def lay_lan(members):
    """A bridge with the hub on it, and one cable to each member with a namespace; a speaker's addresses are on the bridge."""
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    for folder in ("netns", "openbgpd"):
        os.mkdir("/run/" + folder)
    for setting in ("all", "default"):
        with open("/proc/sys/net/ipv6/conf/%s/accept_dad" % setting, "w", encoding="ascii") as out:
            out.write("0")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "lan", "type", "bridge")
    run("ip", "address", "add", "10.99.0.1/24", "dev", "lan")
    run("ip", "address", "add", "2001:db8:ffff::1/64", "dev", "lan", "nodad")
    run("ip", "link", "set", "lan", "up")
    for member in members:
        if not member.space:
            run("ip", "address", "add", member.ip4 + "/24", "dev", "lan")
            run("ip", "address", "add", member.ip6 + "/64", "dev", "lan", "nodad")
            continue
        run("ip", "netns", "add", member.space)
        run("ip", "link", "add", "to" + member.space, "type", "veth", "peer", "name", "eth0", "netns", member.space)
        run("ip", "link", "set", "to" + member.space, "master", "lan", "up")
        # No link-local addresses: BIRD would send them along as second next hop, and FRR without its zebra withdraws such routes.
        run(*member.inside("ip", "link", "set", "eth0", "addrgenmode", "none"))
        run(*member.inside("ip", "link", "set", "lo", "up"))
        run(*member.inside("ip", "address", "add", member.ip4 + "/24", "dev", "eth0"))
        run(*member.inside("ip", "address", "add", member.ip6 + "/64", "dev", "eth0", "nodad"))
        run(*member.inside("ip", "link", "set", "eth0", "up"))


class Hub:
    """`build/sarai run` on that LAN. `top` is YAML beside `members`; a member brings `sessions` (a list of {...}) and `extra`,
    further items of its own."""

    def __init__(self, directory, members, top=""):
        self.directory, self.members, self.top = directory, members, top
        self.file = os.path.join(directory, "hub.yaml")
        self.process = None

    def write(self):
        with open(self.file, "w", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
            out.write("""
hub: {name: Daemons, short_name: DMN, asn: %d, router_id: 10.99.0.1, country: PK, data_directory: %s/data}
listen: {bgp: ["10.99.0.1:179", "[2001:db8:ffff::1]:179"], http: "127.0.0.1:8080", control_socket: %s/sarai.sock}
lans: [{name: peering, ipv4: 10.99.0.0/24, ipv6: "2001:db8:ffff::/64"}]
%s
members:
""" % (RS, self.directory, self.directory, self.top or "policy: {allow_asns: [64496-65534]}"))
            for member in self.members:
                out.write("""
  - asn: %d
    name: %s
    kind: access
    ports: [{id: p%d, speed: 10G, ipv4: %s, ipv6: "%s"}]
    %s
    sessions: [%s]
""" % (member.asn, member.name, member.n, member.ip4, member.ip6, member.extra, ", ".join(member.sessions)))

    def begin(self):
        self.write()
        self.process = start(self.directory + "/sarai.log", SARAI, "run", self.file)
        return ok(wait(self.rooms_up, 20), "the hub is up")

    def apply(self):
        self.write()
        return run(SARAI, "-s", self.directory + "/sarai.sock", "apply", self.file)

    def say(self, *words):
        return run(SARAI, "-s", self.directory + "/sarai.sock", *words, quiet=True)

    def ask(self, *words):
        try:
            return json.loads(self.say("-j", *words))
        except ValueError:
            return {}

    def rooms(self):
        return {one["room"]: one for one in self.ask("show", "status").get("rooms", [])}

    def rooms_up(self):
        rooms = self.rooms()
        return len(rooms) == 8 and all(one["state"] == "up" for one in rooms.values())

    def session(self, ident):
        """What is shown of one session."""
        for member in self.ask("show", "members").get("members", []):
            for one in member["sessions"]:
                if one["id"] == ident:
                    return one
        return {"state": "unknown"}

    def up(self, *idents):
        states = {one["id"]: one["state"] for member in self.ask("show", "members").get("members", [])
                  for one in member["sessions"]}
        return all(states.get(ident) == "established" for ident in idents)

    def refused(self, prefix):
        """The reasons, by AS number of the member."""
        return {one["member_asn"]: [reason["reason"] for reason in one["reasons"]]
                for one in self.ask("show", "filtered", "within", prefix).get("routes", []) if one["prefix"] == prefix}
