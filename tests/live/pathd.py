"""FRR's pathd as a router that speaks PCEP, and a hub file with a corridor of three sites for it: A to C over B, or directly and farther."""
import os
import re

import lan
from daemons import Frr
from lan import wait

# pathd 8.4 sends a Keepalive every 30 s, whatever it says in its Open.
TEXT = """
log stdout debugging
segment-routing
 traffic-eng
  segment-list own
   index 10 mpls label 16001
   index 20 mpls label 16002
  exit
  policy color 100 endpoint 10.0.0.9
   name asked
   candidate-path preference 100 name dynamic dynamic
   exit
  exit
  policy color 200 endpoint 10.0.0.9
   name own
   candidate-path preference 100 name explicit explicit segment-list own
  exit
  policy color 300 endpoint 10.0.0.77
   name nowhere
   candidate-path preference 100 name dynamic dynamic
   exit
  exit
  pcep
   pce-config hub
    source-address ip %(ip4)s
    pce-initiated
    timer keep-alive 30 min-peer-keep-alive 1 max-peer-keep-alive 120 dead-timer 240 min-peer-dead-timer 4 max-peer-dead-timer 240
   exit
   pce hub
    config hub
    address ip 10.99.0.1
   exit
   pcc
    msd 8
    peer hub
   exit
  exit
 exit
exit
"""
TOP = """
policy: {allow_asns: [64496-65534]}
sites: [{id: A, name: A, lat: 0, lon: 0}, {id: B, name: B, lat: 0, lon: 1}, {id: C, name: C, lat: 1, lon: 1}]
segments:
  - {id: AB, a: A, b: B, length_km: 200, status: in service, lit_or_active_tbps: 1}
  - {id: BC, a: B, b: C, length_km: 200, status: in service, lit_or_active_tbps: 1}
  - {id: AC, a: A, b: C, length_km: 900, status: in service, lit_or_active_tbps: 1}
segment_sources: [{id: nms, segment: BC}]
steering: {up_s: 0, hold_s: 0, moves: 1000}
pcep:
  listen: 10.99.0.1
  keepalive_s: 5
  dead_s: 20
  state_timeout_s: 4
  routers:
    - {name: r1, address: 10.99.0.11, site: A, adjacencies: [{segment: AC, label: 24003, local: 10.1.0.1, remote: 10.1.0.2}]}
    - {name: r2, loopback: 10.0.0.2, site: B, label: 16002}
    - {name: r3, loopback: 10.0.0.9, site: C, label: 16009}
"""
OVER_B, DIRECT = ["16002 (10.0.0.2)", "16009 (10.0.0.9)"], ["24003 (to 10.1.0.2)"]


class Pathd(Frr):
    kind, text = "pathd", TEXT

    def launch(self):
        self.sockets = os.path.join(self.directory, self.name)
        os.makedirs(self.sockets, exist_ok=True)
        os.chmod(self.sockets, 0o777)  # pathd runs as another user, and so does zebra, which knows the addresses
        os.chmod(self.file, 0o644)
        if not os.path.exists(self.sockets + "/zserv"):
            lan.start(os.path.join(self.directory, self.name + ".zebra.log"),
                      *self.inside("/usr/lib/frr/zebra", "-i", self.sockets + "/zebra.pid", "--vty_socket", self.sockets,
                                   "-z", self.sockets + "/zserv", "-A", "127.0.0.1", "-f", "/dev/null"))
            wait(lambda: os.path.exists(self.sockets + "/zserv"), 10)
        self.spawn("/usr/lib/frr/pathd", "-M", "pathd_pcep", "-f", self.file, "-i", self.sockets + "/pid", "--vty_socket",
                   self.sockets, "-z", self.sockets + "/zserv", "-A", "127.0.0.1")

    def ask(self, *commands):
        words = [word for command in commands for word in ("-c", command)]
        return lan.run("vtysh", "--vty_socket", self.sockets, "-d", "pathd", *words, quiet=True)

    def count(self, what):
        """Messages sent and received, as pathd counts them."""
        found = re.search(r"Message %s: +(\d+) +(\d+)" % what, self.ask("show sr-te pcep session"))
        return (int(found.group(1)), int(found.group(2))) if found else (0, 0)

    def policies(self):
        """{(color, name): (type of its candidate path, its origin)}"""
        text = self.ask("show sr-te policy detail")
        return {(int(color), name): (kind, origin) for color, name, kind, origin in
                re.findall(r"Color: (\d+)  Name: (\S+) .*?Type: (\S+) .*?Protocol-Origin: (\S+)", text, re.S)}


def router(hub, name="r1"):
    return {one["router"]: one for one in hub.ask("show", "pcep").get("routers", [])}.get(name, {})


def path(hub, name, at="r1"):
    return {(one["router"], one["name"]): one for one in hub.ask("show", "pcep").get("paths", [])}.get((at, name), {})
