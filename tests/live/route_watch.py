"""Where the kernel of this network namespace sends packets to an IPv4 network.

  route_watch.py FILE PREFIX    looks every 20 ms; whenever it is another than before FILE gets a line: nanoseconds of UTC, and the next hop or
                                "nothing". FILE.looks gets an octet with each look."""
import ipaddress
import signal
import sys
import time

EVERY_S = 0.02


def as_kernel(address):
    """/proc/net/route has octets the other way round."""
    return "%08X" % int.from_bytes(address.packed, "little")


def next_hop(prefix):
    """Of the route with the lowest metric."""
    best = None
    with open("/proc/self/net/route", encoding="ascii") as rows:
        for row in list(rows)[1:]:
            word = row.split()
            if word[1] == as_kernel(prefix.network_address) and word[7] == as_kernel(prefix.netmask):
                best = min(best or (1 << 32, ""), (int(word[6]), word[2]))
    return str(ipaddress.ip_address(int(best[1], 16).to_bytes(4, "little"))) if best else "nothing"


def main(name, prefix):
    over, before = [], ""
    signal.signal(signal.SIGTERM, lambda *_: over.append(True))
    with open(name, "w", encoding="ascii", buffering=1) as out, open(name + ".looks", "wb", buffering=0) as looks:
        while not over:
            now = next_hop(prefix)
            if now != before:
                out.write("%d %s\n" % (time.time_ns(), now))
            before = now
            looks.write(b".")
            time.sleep(EVERY_S)


if __name__ == "__main__":
    main(sys.argv[1], ipaddress.ip_network(sys.argv[2]))
