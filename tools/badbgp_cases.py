#!/usr/bin/env python3
"""Writes tests/exchange/data/badbgp_more.jsonl: cases of malformed BGP by the system of what can be wrong, a line of JSON each.

  tools/badbgp_cases.py > tests/exchange/data/badbgp_more.jsonl

Each says what is sent, the reaction that the RFCs want (`expect`), and what else they allow (`alt`): where they leave a choice,
the softer is expected. Placeholders are those of tools/badbgp.py; they have the sizes below. Python 3, standard library only."""
import json
import re
import struct

SIZES = {"NH6": 16, "NH": 4, "AS2": 2, "AS4": 4, "DID": 4, "OWN": 4, "P6": 6, "P": 3}
CASES = []
SECOND = 64999  # second of every path, so that what is taken differs from what was there before


def size(text):
    """Octets that hexadecimal text with placeholders stands for."""
    fixed = sum(SIZES[word] for word in re.findall(r"\{(\w+)\}", text))
    rest = re.sub(r"\{\w+\}", "", text)
    assert len(rest) % 2 == 0 and "{" not in rest, text
    return fixed + len(rest) // 2


def case(name, send, expect, ref, **more):
    """`expect`: "a|b" where b is allowed too. more: attr, want, caps, phase, afi;
    turn: whether the order of attributes does not matter."""
    expect, *alt = expect.split("|")
    CASES.append({"id": "", "name": name, "phase": more.get("phase", "update"), "send": [send] if isinstance(send, str) else send,
                  "expect": expect, "alt": alt, "attr": more.get("attr"), "want": more.get("want"), "ref": ref,
                  "caps": more.get("caps", ""), "afi": more.get("afi", 4), "turn": more.get("turn", True)})


def message(kind, body, length=None):
    return "ff" * 16 + "%04x%02x" % (19 + size(body) if length is None else length, kind) + body


def update(attributes, nlri="18{P}", withdrawn="", **lies):
    """lies: withdrawn_length, length (of the attributes)."""
    return message(2, "%04x" % lies.get("withdrawn_length", size(withdrawn)) + withdrawn
                   + "%04x" % lies.get("length", size(attributes)) + attributes + nlri)


def attribute(flags, kind, value="", length=None):
    length = size(value) if length is None else length
    if flags & 0x10 or length > 255:
        return "%02x%02x%04x" % (flags | 0x10, kind, length) + value
    return "%02x%02x%02x" % (flags, kind, length) + value


def hexed(form, *numbers):
    return struct.pack(">" + form, *numbers).hex()


ORIGIN, HOP = attribute(0x40, 1, "00"), attribute(0x40, 3, "{NH}")
PATH = attribute(0x40, 2, "0202{AS4}" + hexed("I", SECOND))
PATH2 = attribute(0x40, 2, "0202{AS2}" + hexed("H", SECOND))
BASE, BASE2, BASE6 = ORIGIN + PATH + HOP, ORIGIN + PATH2 + HOP, ORIGIN + PATH
OLD = {"caps": "noas4"}
SIX = {"afi": 6}
ONCE = {"turn": False}


def mp_reach(prefixes="30{P6}", hop="{NH6}", afi=2, safi=1, hop_length=None, flags=0x80):
    hop_length = size(hop) if hop_length is None else hop_length
    return attribute(flags, 14, hexed("HBB", afi, safi, hop_length) + hop + "00" + prefixes)


def mp_unreach(prefixes="30{P6}", afi=2, safi=1, flags=0x80):
    return attribute(flags, 15, hexed("HB", afi, safi) + prefixes)


def headers():
    ref = "RFC 4271 6.1"
    case("marker wrong in its last octet", "ff" * 15 + "fe" + "001304", "notify:1.1", ref)
    case("marker wrong in its first bit", "7f" + "ff" * 15 + "001304", "notify:1.1", ref)
    for length in (0, 1, 16):
        case("header length %d" % length, message(4, "", length), "notify:1.2", ref)
    case("KEEPALIVE of 20 octets", message(4, "00"), "notify:1.2", ref)
    case("KEEPALIVE of 4096 octets", message(4, "00" * 4077), "notify:1.2", ref)
    case("UPDATE of 19 octets", message(2, ""), "notify:1.2", ref)
    case("OPEN of 28 octets while established", message(1, "04{AS2}005a{NH}"), "notify:1.2|notify:5.3", ref)
    for kind in (6, 7, 127, 128, 255):
        case("message type %d" % kind, message(kind, ""), "notify:1.3", ref)
    case("message type 6 with a body", message(6, "00" * 40), "notify:1.3", ref)
    case("message type 6 of 4097 octets", message(6, "00" * 4078), "notify:1.2|notify:1.3", ref)
    case("ROUTE-REFRESH of 4097 octets", message(5, "00010001" + "00" * 4074), "notify:1.2", "RFC 8654 4")
    case("OPEN of 4097 octets, extended messages agreed", message(1, "00" * 4078), "notify:1.2|notify:5.3", "RFC 8654 4",
         caps="ext")
    case("UPDATE of 4096 octets", update(BASE + attribute(0xd0, 213, "aa" * 4041)), "accept|withdraw", ref, attr=213)
    case("UPDATE of 4097 octets, not agreed", update(BASE + attribute(0xd0, 213, "aa" * 4042)), "notify:1.2", "RFC 8654 4")
    case("UPDATE of 4097 octets, agreed", update(BASE + attribute(0xd0, 213, "aa" * 4042)), "accept|withdraw", "RFC 8654 4",
         attr=213,
         caps="ext")
    case("UPDATE of 65535 octets, agreed", update(BASE + attribute(0xd0, 213, "aa" * 65480)), "accept|withdraw", "RFC 8654 4",
         attr=213, caps="ext")


def notifications():
    ref = "RFC 4271 6.4"
    case("NOTIFICATION without code", message(3, ""), "close|notify:1.2", ref)
    for code, subcode in ((0, 0), (1, 255), (3, 1), (5, 3), (6, 255), (7, 1), (8, 0), (255, 255)):
        case("NOTIFICATION %d.%d" % (code, subcode), message(3, hexed("BB", code, subcode)), "close", ref)
    case("Cease/2, text longer than the message", message(3, "0602ff4142"), "close", "RFC 9003 2")
    case("Cease/2, text shorter than the message", message(3, "060201414243"), "close", "RFC 9003 2")
    case("Cease/4, text of length 0", message(3, "060400"), "close", "RFC 9003 2")
    case("Cease/2, text of 255 octets of ESC", message(3, "0602ff" + "1b" * 255), "close", "RFC 9003 2")
    case("Cease/2, UTF-8 cut at its end", message(3, "060204414243e2"), "close", "RFC 9003 2")
    case("Hard Reset with nothing inside", message(3, "0609"), "close", "RFC 8538 3.1")
    case("Hard Reset with half a code inside", message(3, "060906"), "close", "RFC 8538 3.1")
    case("Hard Reset inside a Hard Reset", message(3, "06090609"), "close", "RFC 8538 3.1")
    case("NOTIFICATION with 4075 octets of data", message(3, "0300" + "ee" * 4075), "close", ref)


def refreshes():
    ref = "RFC 7313 5; RFC 2918"
    for body, what in (("", "no body"), ("0001", "2 octets"), ("0001000100", "5 octets"), ("00010001" + "ff" * 61, "65 octets")):
        case("ROUTE-REFRESH with %s" % what, message(5, body), "ignore|notify:1.2|notify:7.1", ref)
    for afi, safi in ((0, 1), (99, 1), (1, 0), (1, 2), (1, 128), (2, 4), (65535, 255)):
        case("ROUTE-REFRESH for AFI %d SAFI %d" % (afi, safi), message(5, hexed("HBB", afi, 0, safi)), "ignore", "RFC 2918 4")
    case("ROUTE-REFRESH with an ORF that was not agreed on", message(5, "00010001" "01" "40" "0000"),
         "ignore|notify:1.2|notify:7.1",
         "RFC 5291 6")
    case("ROUTE-REFRESH with an ORF longer than it", message(5, "00010001" "01" "40" "ffff" "00"), "ignore|notify:1.2|notify:7.1",
         "RFC 5291 6")
    for subtype in (1, 2, 3, 128):
        case("ROUTE-REFRESH subtype %d, not agreed" % subtype, message(5, hexed("HBB", 1, subtype, 1)), "ignore", ref)
    for subtype in (3, 255):
        case("ROUTE-REFRESH subtype %d, enhanced" % subtype, message(5, hexed("HBB", 1, subtype, 1)), "ignore", ref, caps="err")
    case("End of refresh without its beginning", message(5, "00010201"), "ignore", "RFC 7313 4", caps="err")
    case("Begin of refresh of a family that is not agreed on", message(5, "00010180"), "ignore", "RFC 7313 5", caps="err")
    case("Begin of refresh of 3 octets", message(5, "000101"), "notify:7.1", ref, caps="err")
    case("Begin of refresh of 5 octets", message(5, "0001010100"), "notify:7.1", ref, caps="err")
    case("End of refresh of 8 octets", message(5, "0001020100000000"), "notify:7.1", ref, caps="err")
    case("ROUTE-REFRESH of 5 octets, enhanced", message(5, "0001000100"), "ignore|notify:1.2|notify:7.1", ref, caps="err")


def frames():
    ref = "RFC 7606 3(b)"
    med = attribute(0x80, 4, "00000000")
    case("withdrawn length 65535", update(BASE, withdrawn_length=65535), "notify:3.1", ref)
    case("withdrawn length leaves no attribute length", message(2, "0001" "00" "00"), "notify:3.1", ref)
    case("withdrawn length leaves half an attribute length", message(2, "0002" "1000" "00"), "notify:3.1", ref)
    case("attribute length 65535", update(BASE, length=65535), "notify:3.1", ref)
    case("attribute length one more than the message", update(BASE, "", length=size(BASE) + 1), "notify:3.1", ref)
    case("attribute length one too many: takes a prefix's length", update(BASE, length=size(BASE) + 1), "notify:3.10|notify:3.1",
         "RFC 7606 3(j)")
    case("attribute length one too few: the rest is read as 0.0.0.0/0", update(BASE + med, length=size(BASE + med) - 1),
         "withdraw", "RFC 7606 4")
    case("attribute length takes the prefixes too", update(BASE, length=size(BASE) + 4), "notify:3.1", "RFC 7606 5.2")
    ref = "RFC 7606 4"
    for tail, what in (("c0d5", "2 octets"), ("d0d500", "3 octets of 4"), ("00", "a zero"),
                       ("c0d501", "a head of 1 octet without it"),
                       ("d0d5ffff", "an extended length of 65535"), ("4001ff00", "an ORIGIN of length 255")):
        case("list ends with %s" % what, update(BASE + tail), "withdraw", ref)
        case("list ends with %s, IPv6" % what, update(BASE6 + mp_reach() + tail, ""), "withdraw", ref, **SIX)
    case("first attribute longer than the list", update("4001ff00" + PATH + HOP), "withdraw", ref)
    case("AS_PATH longer than the list", update(ORIGIN + HOP + attribute(0x40, 2, "0202{AS4}0000fde7", 11)), "withdraw", ref)
    case("overrun and nothing announced", update("c00820fde9", ""), "notify:3.1", "RFC 7606 5.2")
    case("overrun and only withdrawn", update("c00820fde9", "", "18{P}"), "notify:3.1", "RFC 7606 5.2")
    case("MP_REACH longer than the list", update(BASE6 + "800e1d00020110{NH6}0030{P6}", ""), "notify:3.1|notify:3.9",
         "RFC 7606 3(j)", **SIX)
    case("MP_UNREACH longer than the list", update("800f0b000201" "30{P6}", ""), "notify:3.1|notify:3.9", "RFC 7606 3(j)", **SIX)
    ref = "RFC 7606 5.2"
    case("attributes without any prefix", update(BASE, ""), "ignore", ref)
    case("ORIGIN alone", update(ORIGIN, ""), "ignore", ref)
    case("no prefix, AGGREGATOR of 7 octets", update(BASE + attribute(0xc0, 7, "00" * 7), ""), "ignore", ref)
    case("no prefix, ORIGIN 3", update(attribute(0x40, 1, "03") + PATH + HOP, ""), "notify:3.1", ref)
    case("MP_REACH without a prefix, COMMUNITIES of 3 octets", update(BASE6 + mp_reach("") + attribute(0xc0, 8, "000000"), ""),
         "notify:3.1", ref)
    case("withdrawn, MED of 3 octets", update(attribute(0x80, 4, "000000"), "", "18{P}"), "notify:3.1", ref)
    case("withdrawn, AGGREGATOR of 7 octets", update(attribute(0xc0, 7, "00" * 7), "", "18{P}"), "withdraw", ref)
    case("MP_UNREACH, MED of 3 octets", update(mp_unreach() + attribute(0x80, 4, "000000"), ""), "notify:3.1|notify:3.9", ref,
         **SIX)
    for bits, octets, what in ((33, 5, "33"), (128, 16, "128"), (25, 3, "25 of 3 octets"), (32, 3, "32 of 3 octets")):
        one = "%02x" % bits + "{P}" + "00" * (octets - 3)
        case("prefix length %s" % what, update(BASE, one), "notify:3.10", "RFC 7606 5.3")
        case("prefix length %s, withdrawn" % what, update("", "", one), "notify:3.10|notify:3.1", "RFC 7606 5.3")
    case("second prefix cut", update(BASE, "18{P}" "18c6"), "notify:3.10", "RFC 7606 5.3")
    case("last prefix has only its length", update(BASE, "18{P}" "18"), "notify:3.10", "RFC 7606 5.3")
    ref = "RFC 4271 4.3"
    case("prefix in both fields", update(BASE, "18{P}", "18{P}"), "accept", ref)
    case("prefix twice", update(BASE, "18{P}18{P}"), "accept", ref)
    case("prefix withdrawn twice", update("", "", "18{P}18{P}"), "withdraw", ref)
    case("bits beyond the prefix length", update(BASE, "18{P}" "0fcb71"), "accept", ref)
    case("prefix 0.0.0.0/0 beside a good one", update(BASE, "18{P}" "00"), "accept", ref)
    case("multicast prefix beside a good one", update(BASE, "18{P}" "04e0"), "accept", "RFC 4271 6.3")
    case("empty UPDATE, 2-octet session", update("", ""), "ignore", "RFC 4724 2", **OLD)
    case("End-of-RIB of IPv6", update(mp_unreach(""), ""), "ignore", "RFC 4724 2")
    case("End-of-RIB with an extended length", update(mp_unreach("", flags=0x90), ""), "ignore", "RFC 4724 2")
    case("End-of-RIB of a family that is not agreed on", update(mp_unreach("", 1, 128), ""), "ignore", "RFC 4724 2")


# Name, type, flags, a sound value, which lengths are wrong, what these mean, what is passed on.
PASSED, DROPPED = "accept", "discard-attr"
ATTRIBUTES = [
    ("MED", 4, 0x80, "00000007", (0, 3, 5, 255), "withdraw", PASSED, "RFC 7606 7.4"),
    ("LOCAL_PREF", 5, 0x40, "000003e8", (0, 3, 5), "discard-attr", DROPPED, "RFC 7606 7.5"),
    ("ATOMIC_AGGREGATE", 6, 0x40, "", (1, 4), "discard-attr", PASSED, "RFC 7606 7.6"),
    ("AGGREGATOR", 7, 0xc0, "0000fde9c6120101", (0, 4, 9), "discard-attr", PASSED, "RFC 7606 7.7"),
    ("COMMUNITIES", 8, 0xc0, "fde90001", (1, 2, 3, 6), "withdraw", PASSED, "RFC 7606 7.8"),
    ("ORIGINATOR_ID", 9, 0x80, "c6120101", (0, 3, 5), "discard-attr", DROPPED, "RFC 7606 7.9"),
    ("CLUSTER_LIST", 10, 0x80, "c6120101", (0, 3, 6), "discard-attr", DROPPED, "RFC 7606 7.10"),
    ("EXTENDED_COMMUNITIES", 16, 0xc0, "0002fde900000001", (1, 4, 7, 9, 12), "withdraw", PASSED, "RFC 7606 7.14"),
    ("IPV6_EXTENDED_COMMUNITIES", 25, 0xc0, "0002" + "20010db8" + "00" * 14, (0, 8, 21), "withdraw|accept", PASSED,
     "RFC 7606 7.15"),
    ("AIGP", 26, 0x80, "01000b0000000000000001", (0, 1, 2, 10, 12), "discard-attr", DROPPED, "RFC 7311 3.2, 3.3"),
    ("LARGE_COMMUNITIES", 32, 0xc0, "0000fde90000000100000002", (0, 4, 8, 13, 16), "withdraw", PASSED, "RFC 8092 6"),
    ("OTC", 35, 0xc0, "0000fde9", (0, 1, 3, 5, 8), "withdraw", "withdraw|accept", "RFC 9234 5"),
    ("ATTR_SET", 128, 0xc0, "0000fde9" + ORIGIN, (0, 3), "withdraw|accept|discard-attr", PASSED, "RFC 7606 7.16"),
]


def known_attributes():
    for name, kind, flags, value, lengths, wrong, right, ref in ATTRIBUTES:
        attr = {"attr": kind} if right != "withdraw|accept" else {}
        good = attribute(flags, kind, value)
        want = {"want": value} if right == PASSED else {}
        case("%s as it should be" % name, update(BASE + good), right, ref, **attr, **want)
        case("%s with an extended length" % name, update(BASE + attribute(flags | 0x10, kind, value)), right, ref, **attr, **want)
        case("%s with unused flags set" % name, update(BASE + attribute(flags | 0x0f, kind, value)), right, "RFC 4271 4.3",
             **attr, **want)
        for length in lengths:
            bad = attribute(flags, kind, (value + "00" * length)[:2 * length])
            case("%s of %d octets" % (name, length), update(BASE + bad), wrong, ref, **attr)
        for other in sorted({0x00, 0x40, 0x80, 0xc0} - {flags}):
            # AIGP: RFC 7311 section 3.2 says it of the flags as well. What a member must not send at all may as well be dropped.
            soft = DROPPED if name == "AIGP" else "withdraw|discard-attr" if right == DROPPED else "withdraw"
            case("%s with flags %02x" % (name, other), update(BASE + attribute(other, kind, value)), soft, "RFC 7606 3(c)",
                 **attr)
        case("%s twice" % name, update(BASE + good + attribute(flags, kind, "00" * size(value))), right, "RFC 7606 3(g)",
             **attr, **want, **ONCE)
        if wrong == "withdraw":
            bad = attribute(flags, kind, value + "00")
            case("%s twice, the second malformed" % name, update(BASE + good + bad), right, "RFC 7606 3(g)", **attr, **want,
                 **ONCE)
            case("%s twice, the first malformed" % name, update(BASE + bad + good), "withdraw", "RFC 7606 3(g)", **ONCE)
    case("AGGREGATOR of AS 0", update(BASE + attribute(0xc0, 7, "00000000c6120101")), DROPPED, "RFC 7607 2", attr=7)
    case("LARGE_COMMUNITIES with one value twice", update(BASE + attribute(0xc0, 32, "0000fde90000000100000002" * 2)), "accept",
         "RFC 8092 5", attr=32, want="0000fde90000000100000002")
    case("COMMUNITIES with Partial set", update(BASE + attribute(0xe0, 8, "fde90001")), "accept", "RFC 4271 5", attr=8,
         want="fde90001")
    case("MED with Partial set", update(BASE + attribute(0xa0, 4, "00000007")), "accept|withdraw",
         "RFC 4271 4.3; RFC 7606 3(c)", attr=4)
    for inner, what in (("4001", "cut in a head"), ("4001ff00", "an overrun"), ("c00803000000", "COMMUNITIES of 3 octets")):
        case("ATTR_SET with %s" % what, update(BASE + attribute(0xc0, 128, "0000fde9" + inner)), "withdraw|accept|discard-attr",
             "RFC 7606 7.16", attr=128)


def mandatory_attributes():
    rows = (("ORIGIN", 1, "00", (0, 3, 255)), ("NEXT_HOP", 3, "{NH}", (0, 1, 8, 16)))
    whole = {"ORIGIN": ORIGIN, "AS_PATH": PATH, "NEXT_HOP": HOP}
    for name, kind, value, lengths in rows:
        rest = "".join(one for key, one in whole.items() if key != name)
        for length in lengths:
            case("%s of %d octets" % (name, length), update(rest + attribute(0x40, kind, "00" * length)), "withdraw",
                 "RFC 7606 7.1, 7.3")
        case("%s missing" % name, update(rest), "withdraw", "RFC 7606 3(d)")
    for name, one in whole.items():
        rest = "".join(other for key, other in whole.items() if key != name)
        for flags in ("00", "80", "c0"):
            case("%s with flags %s" % (name, flags), update(rest + flags + one[2:]), "withdraw", "RFC 7606 3(c)")
        case("%s with unused flags set" % name, update(rest + "4f" + one[2:]), "accept", "RFC 4271 4.3")
        case("%s with Partial set" % name, update(rest + "60" + one[2:]), "accept|withdraw", "RFC 4271 4.3; RFC 7606 3(c)")
        case("%s with an extended length" % name, update(rest + "50" + one[2:4] + "00" + one[4:]), "accept", "RFC 4271 4.3")
        case("%s twice" % name, update(BASE + one), "accept", "RFC 7606 3(g)")
        case("%s twice, the second malformed" % name, update(BASE + one[:2] + one[2:4] + "0105"), "accept", "RFC 7606 3(g)",
             **ONCE)
        case("%s twice, the first malformed" % name, update(rest + one[:2] + one[2:4] + "0105" + one), "withdraw",
             "RFC 7606 3(g)", **ONCE)
    for value in (4, 127, 255):
        case("ORIGIN value %d" % value, update(attribute(0x40, 1, "%02x" % value) + PATH + HOP), "withdraw", "RFC 7606 7.1")
    for hop, what in (("00000000", "0.0.0.0"), ("00010203", "0.1.2.3"), ("7fffffff", "127.255.255.255"),
                      ("effffffa", "239.255.255.250"),
                      ("f0000001", "240.0.0.1"), ("ffffffff", "255.255.255.255"), ("{OWN}", "ours")):
        case("NEXT_HOP %s" % what, update(ORIGIN + PATH + attribute(0x40, 3, hop)), "withdraw|ignore", "RFC 4271 6.3")
    case("NEXT_HOP 0.0.0.0 beside prefixes of MP_REACH only", update(BASE6 + attribute(0x40, 3, "00000000") + mp_reach(), ""),
         "accept",
         "RFC 4760 3", **SIX)


def paths():
    ref = "RFC 7606 7.2"

    def of(value, **lies):
        return update(ORIGIN + HOP + attribute(0x40, 2, value, **lies))
    many = "0000fde7"
    for value, what in (("", "empty"), ("0200", "one empty segment"), ("0202{AS4}", "a segment longer than it"),
                        ("02ff{AS4}", "a segment of 255 with one"), ("0201{AS4}0201", "a second segment without numbers"),
                        ("0201{AS4}02", "a lone segment type"), ("0601{AS4}", "segment type 6"),
                        ("ff01{AS4}", "segment type 255"),
                        ("0201{AS4}0501" + many, "segment type 5 after a good one"), ("0202{AS2}fde7", "2-octet numbers"),
                        ("0200" "0201{AS4}", "an empty segment before a good one"), ("0201{AS4}0100", "an empty AS_SET"),
                        ("0201{AS4}00", "one octet too many"), ("0201{AS4}000000", "three octets too many")):
        case("AS_PATH: %s" % what, of(value), "withdraw", ref)
    case("AS_PATH: 1 octet", of("02"), "withdraw", ref)
    case("AS_PATH: AS 0 first", of("020200000000{AS4}"), "withdraw", "RFC 7607 2")
    case("AS_PATH: AS 0 in a set", of("0201{AS4}" "0102" + many + "00000000"), "withdraw", "RFC 7607 2")
    case("AS_PATH: AS_SET at its end", of("0201{AS4}" "0102" + many + "0000fde6"), "withdraw", "RFC 9774 3")
    case("AS_PATH: AS_SET alone", of("0101{AS4}"), "withdraw", "RFC 9774 3")
    case("AS_PATH: AS_SET in the middle", of("0201{AS4}" "0101" + many + "0201" + many), "withdraw", "RFC 9774 3")
    for value, what in (("0301{AS4}", "CONFED_SEQUENCE alone"), ("0301{AS4}0201{AS4}", "CONFED_SEQUENCE first"),
                        ("0201{AS4}0301" + many, "CONFED_SEQUENCE last"), ("0201{AS4}0401" + many, "CONFED_SET last"),
                        ("0401" + many + "0201{AS4}", "CONFED_SET first")):
        case("AS_PATH: %s" % what, of(value), "withdraw", "RFC 5065 5; RFC 7606 7.2")
    case("AS_PATH: two sequences", of("0201{AS4}0201" + many), "accept", "RFC 4271 4.3")
    case("AS_PATH: the neighbour 200 times", of("02c8" + "{AS4}" * 200), "accept", "RFC 4271 5.1.2")
    case("AS_PATH: AS 65535", of("0202{AS4}0000ffff"), "accept|withdraw", "RFC 7300")
    case("AS_PATH: AS 4294967295", of("0202{AS4}ffffffff"), "accept|withdraw", "RFC 7300")
    case("AS_PATH: overrun hidden by the next attribute", update(ORIGIN + attribute(0x40, 2, "0203{AS4}0000fde7") + HOP),
         "withdraw", ref)


def old_speakers():
    """2-octet AS numbers: RFC 6793."""
    ref = "RFC 6793 4.2.3"
    large = hexed("I", 200001)
    trans = ORIGIN + HOP + attribute(0x40, 2, "0202{AS2}5ba0")
    plain = hexed("I", 23456)
    case("2-octet path", update(BASE2), "accept", ref, attr=2, want="0202{AS4}0000fde7", **OLD)
    case("4-octet path on a 2-octet session", update(BASE), "withdraw", "RFC 7606 7.2", **OLD)
    case("AS4_PATH as it should be", update(trans + attribute(0xc0, 17, "0201" + large)), "accept", ref, attr=2,
         want="0202{AS4}" + large, **OLD)
    case("AS4_PATH as long as AS_PATH", update(trans + attribute(0xc0, 17, "0202{AS4}" + large)), "accept", ref, attr=2,
         want="0202{AS4}" + large, **OLD)
    case("AS4_PATH longer than AS_PATH", update(trans + attribute(0xc0, 17, "0203{AS4}" + large * 2)), "accept", ref, attr=2,
         want="0202{AS4}" + plain, **OLD)
    case("AS4_PATH is not passed on", update(trans + attribute(0xc0, 17, "0201" + large)), "discard-attr", ref, attr=17, **OLD)
    case("AS4_PATH with a CONFED segment", update(trans + attribute(0xc0, 17, "03010000fdea0201" + large)), "accept",
         "RFC 6793 6", attr=2,
         want="0201{AS4}0201" + large, **OLD)
    for value, what in (("", "empty"), ("0201", "2 octets"), ("020100000d", "5 octets"), ("0201" + large + "00", "7 octets"),
                        ("0901" + large, "segment type 9"), ("0200" + "0201" + large, "an empty segment"),
                        ("0202" + large, "a segment longer than it"), ("0201" + "00000000", "AS 0")):
        case("AS4_PATH: %s" % what, update(trans + attribute(0xc0, 17, value)), "accept", "RFC 6793 6", attr=2,
             want="0202{AS4}" + plain, **OLD)
    case("AS4_PATH twice", update(trans + attribute(0xc0, 17, "0201" + large) + attribute(0xc0, 17, "0201" + "0000fde6")),
         "accept",
         "RFC 7606 3(g)", attr=2, want="0202{AS4}" + large, **OLD)
    old = attribute(0xc0, 7, "5ba0" "c6120101")
    new = attribute(0xc0, 18, large + "c6120102")
    case("AGGREGATOR of 6 octets", update(BASE2 + attribute(0xc0, 7, "fde9c6120101")), "accept", ref, attr=7,
         want="0000fde9c6120101", **OLD)
    case("AGGREGATOR of 8 octets on a 2-octet session", update(BASE2 + attribute(0xc0, 7, "0000fde9c6120101")), DROPPED,
         "RFC 7606 7.7", attr=7,
         **OLD)
    case("AGGREGATOR of AS 0 on a 2-octet session", update(BASE2 + attribute(0xc0, 7, "0000c6120101")), DROPPED, "RFC 7607 2",
         attr=7, **OLD)
    case("AGGREGATOR and AS4_AGGREGATOR", update(BASE2 + old + new), "accept", ref, attr=7, want=large + "c6120102", **OLD)
    case("AS4_AGGREGATOR alone", update(BASE2 + new), DROPPED, ref, attr=18, **OLD)
    case("AS4_AGGREGATOR beside an AGGREGATOR that is not AS_TRANS", update(trans + attribute(0xc0, 7, "fde9c6120101") + new
                                                                            + attribute(0xc0, 17, "0201" + large)), "accept", ref,
         attr=2, want="0202{AS4}" + plain, **OLD)
    for value, what in (("", "empty"), ("00" * 6, "6 octets"), (large + "c612010100", "9 octets"),
                        ("00000000c6120101", "of AS 0")):
        case("AS4_AGGREGATOR: %s" % what, update(BASE2 + old + attribute(0xc0, 18, value)), "accept", "RFC 6793 6", attr=7,
             want=plain + "c6120101", **OLD)
    for kind, name, value in ((17, "AS4_PATH", "0201" + large), (18, "AS4_AGGREGATOR", large + "c6120101")):
        for flags in (0x00, 0x40, 0x80):
            case("%s with flags %02x" % (name, flags), update(BASE2 + attribute(flags, kind, value)),
                 "withdraw|discard-attr|accept",
                 "RFC 7606 3(c), RFC 6793 6", attr=kind, **OLD)
    case("AS4_AGGREGATOR from a 4-octet speaker", update(BASE + new), DROPPED, "RFC 6793 6", attr=18)


def reaches():
    ref = "RFC 7606 5.3, 7.11"
    for length in range(0, 5):
        case("MP_REACH of %d octets" % length, update(BASE6 + attribute(0x80, 14,
                                                                        "00020110"[:2 * length] + "00" * (length > 4)), ""),
             "notify:3.9|notify:3.1", ref, **SIX)
    for afi, safi in ((0, 1), (2, 0), (2, 2), (2, 4), (2, 128), (2, 133), (3, 1), (25, 65), (16388, 71), (65535, 255)):
        case("MP_REACH of AFI %d SAFI %d, not agreed on" % (afi, safi),
             update(BASE6 + mp_reach("ff" * 9, "00" * 4, afi, safi), ""),
             "ignore|notify:3.9", "RFC 4760 6", **SIX)
    case("MP_REACH of a family that is not agreed on, beside a prefix", update(mp_reach("ff" * 9, "", 1, 133) + BASE), "accept",
         "RFC 4760 6")
    for length in (0, 1, 4, 12, 17, 24, 31, 33, 48):
        case("MP_REACH with a next hop of %d octets" % length, update(BASE6 + mp_reach(hop="20" * length), ""),
             "notify:3.9|notify:3.1",
             ref, **SIX)
    case("MP_REACH with two next hops", update(BASE6 + mp_reach(hop="{NH6}" "fe80" + "00" * 13 + "01"), ""), "accept",
         "RFC 2545 3", **SIX)
    case("MP_REACH with a second next hop that is not link-local", update(BASE6 + mp_reach(hop="{NH6}{NH6}"), ""),
         "accept|withdraw",
         "RFC 2545 3", **SIX)
    for hop, what in (("00" * 15 + "01", "::1"), ("ff02" + "00" * 13 + "01", "ff02::1")):
        case("MP_REACH with next hop %s" % what, update(BASE6 + mp_reach(hop=hop), ""), "withdraw|ignore", "RFC 4271 6.3", **SIX)
    case("MP_REACH with a link-local next hop alone", update(BASE6 + mp_reach(hop="fe80" + "00" * 13 + "01"), ""),
         "accept|withdraw",
         "RFC 2545 3", **SIX)
    case("MP_REACH with an IPv4-mapped next hop", update(BASE6 + mp_reach(hop="00" * 10 + "ffff" "{NH}"), ""), "accept|withdraw",
         "RFC 4271 6.3", **SIX)
    case("MP_REACH ends before the reserved octet", update(BASE6 + attribute(0x80, 14, "00020110{NH6}"), ""),
         "notify:3.9|notify:3.1", ref,
         **SIX)
    case("MP_REACH without a prefix", update(BASE6 + mp_reach(""), ""), "ignore", "RFC 4760 3", **SIX)
    case("MP_REACH with ::/0 beside a good prefix", update(BASE6 + mp_reach("30{P6}" "00"), ""), "accept", "RFC 4760 5", **SIX)
    case("MP_REACH with bits beyond the prefix length", update(BASE6 + mp_reach("30{P6}" "0f20ff"), ""), "accept", "RFC 4760 5",
         **SIX)
    case("MP_REACH with a prefix twice", update(BASE6 + mp_reach("30{P6}" "30{P6}"), ""), "accept", "RFC 4760 5", **SIX)
    case("MP_REACH with a prefix length of 255", update(BASE6 + mp_reach("ff{P6}" + "00" * 26), ""),
         "notify:3.9|notify:3.10|notify:3.1", ref,
         **SIX)
    case("MP_REACH with a second prefix cut", update(BASE6 + mp_reach("30{P6}" "3020"), ""),
         "notify:3.9|notify:3.10|notify:3.1", ref, **SIX)
    case("MP_REACH last", update(BASE6 + attribute(0xc0, 8, "fde90001") + mp_reach(), ""), "accept", "RFC 7606 5.1", attr=8,
         **SIX)
    for flags in (0x00, 0x40):
        case("MP_REACH with flags %02x" % flags, update(BASE6 + mp_reach(flags=flags), ""), "withdraw|notify:3.4|notify:3.9",
             "RFC 7606 3(c), 5.3", **SIX)
    case("MP_REACH with an extended length", update(BASE6 + mp_reach(flags=0x90), ""), "accept", "RFC 4271 4.3", **SIX)
    case("MP_REACH twice", update(BASE6 + mp_reach() * 2, ""), "notify:3.1", "RFC 7606 3(g)", **SIX)
    case("MP_REACH twice, of two families", update(BASE6 + mp_reach() + mp_reach("18{P}", "{NH}", 1), ""), "notify:3.1",
         "RFC 7606 3(g)", **SIX)
    case("MP_REACH twice, the second malformed", update(BASE6 + mp_reach() + "800e00", ""), "notify:3.1|notify:3.9",
         "RFC 7606 3(g)", **SIX)
    case("MP_REACH without ORIGIN", update(PATH + mp_reach(), ""), "withdraw", "RFC 7606 3(d)", **SIX)
    case("MP_REACH without AS_PATH", update(ORIGIN + mp_reach(), ""), "withdraw", "RFC 7606 3(d)", **SIX)
    case("MP_REACH and the classic field", update(BASE + mp_reach()), "accept", "RFC 7606 5.1", **SIX)
    case("MP_REACH and the classic field without NEXT_HOP", update(BASE6 + mp_reach()), "withdraw", "RFC 7606 3(d)", **SIX)
    case("MP_REACH of IPv4", update(BASE6 + mp_reach("18{P}", "{NH}", 1), ""), "accept", "RFC 4760 3")
    case("MP_REACH of IPv4 and the same prefix in the classic field", update(BASE + mp_reach("18{P}", "{NH}", 1)), "accept",
         "RFC 4760 3")
    case("MP_REACH of IPv4, prefix length 33", update(BASE6 + mp_reach("21{P}0000", "{NH}", 1), ""),
         "notify:3.9|notify:3.10|notify:3.1", ref)
    case("MP_REACH of IPv4, IPv6 next hop not agreed on", update(BASE6 + mp_reach("18{P}", "{NH6}", 1), ""),
         "withdraw|notify:3.9",
         "RFC 8950 3; RFC 7606 7.11")
    case("MP_REACH of IPv4, IPv6 next hop", update(BASE6 + mp_reach("18{P}", "{NH6}", 1), ""), "accept", "RFC 8950 3", caps="enh")
    for length in (0, 8, 24, 48):
        case("MP_REACH of IPv4, next hop of %d octets" % length, update(BASE6 + mp_reach("18{P}", "20" * length, 1), ""),
             "notify:3.9|notify:3.1", "RFC 8950 3", caps="enh")
    case("MP_REACH of IPv4, IPv6 next hop ::", update(BASE6 + mp_reach("18{P}", "00" * 16, 1), ""), "withdraw|ignore",
         "RFC 8950 3", caps="enh")


def unreaches():
    ref = "RFC 7606 5.3, 7.12"
    for value, what in (("", "0 octets"), ("00", "1 octet")):
        case("MP_UNREACH of %s" % what, update(attribute(0x80, 15, value), ""), "notify:3.9|notify:3.1", ref, **SIX)
    for prefixes, what in (("8120010db8" + "00" * 13, "prefix length 129"), ("30{P6}3020", "a prefix cut"),
                           ("30", "a length alone")):
        case("MP_UNREACH with %s" % what, update(mp_unreach(prefixes), ""), "notify:3.9|notify:3.10|notify:3.1", ref, **SIX)
    case("MP_UNREACH of IPv4, prefix length 33", update(mp_unreach("21{P}0000", 1), ""), "notify:3.9|notify:3.10|notify:3.1", ref)
    case("MP_UNREACH twice", update(mp_unreach() * 2, ""), "notify:3.1", "RFC 7606 3(g)", **SIX)
    case("MP_UNREACH as it should be", update(mp_unreach(), ""), "withdraw", "RFC 4760 4", **SIX)
    case("MP_UNREACH of IPv4", update(mp_unreach("18{P}", 1), ""), "withdraw", "RFC 4760 4")
    case("MP_UNREACH of an unknown prefix", update(mp_unreach("3020010db8fffe"), ""), "ignore", "RFC 4760 4", **SIX)
    case("MP_UNREACH of a family that is not agreed on", update(mp_unreach("ffffff", 1, 133), ""), "ignore", "RFC 4760 6")
    for flags in (0x00, 0x40, 0xc0):
        case("MP_UNREACH with flags %02x" % flags, update(mp_unreach(flags=flags), ""),
             "withdraw|notify:3.4|notify:3.9|notify:3.1",
             "RFC 7606 3(c), 5.3", **SIX)
    case("MP_UNREACH and MP_REACH of one prefix", update(mp_unreach() + BASE6 + mp_reach(), ""), "accept", "RFC 4760 4", **SIX)
    case("MP_UNREACH beside an announced prefix", update(mp_unreach("3020010db8fffe") + BASE), "accept", "RFC 7606 5.1")


def add_paths():
    ref, with_ids = "RFC 7911 3, 5; RFC 7606 5.3", {"caps": "addpath"}
    case("path identifier as before", update(BASE, "0000000118{P}"), "accept", ref, **with_ids)
    for ident in ("00000000", "ffffffff"):  # of two paths the first is better
        case("path identifier %s" % ident, update(BASE, ident + "18{P}"), "accept|ignore", ref, **with_ids)
    case("prefix without a path identifier", update(BASE, "18{P}"), "notify:3.10", ref, **with_ids)
    case("withdrawn without a path identifier", update("", "", "18{P}"), "notify:3.10|notify:3.1", ref, **with_ids)
    case("path identifier cut", update(BASE, "00000001" "18{P}" "0000"), "notify:3.10", ref, **with_ids)
    case("path identifier alone", update(BASE, "00000001"), "notify:3.10", ref, **with_ids)
    case("prefix length 33 after a path identifier", update(BASE, "0000000121{P}0000"), "notify:3.10", ref, **with_ids)
    case("one prefix, two path identifiers", update(BASE, "0000000118{P}" "0000000218{P}"), "accept", ref, **with_ids)
    case("one prefix, one path identifier, twice", update(BASE, "0000000118{P}" * 2), "accept", ref, **with_ids)
    case("withdrawn with another path identifier", update("", "", "0000006318{P}"), "ignore", ref, **with_ids)
    case("withdrawn with its path identifier", update("", "", "0000000118{P}"), "withdraw", ref, **with_ids)
    case("MP_REACH of IPv4 without a path identifier", update(BASE6 + mp_reach("18{P}", "{NH}", 1), ""),
         "notify:3.9|notify:3.10|notify:3.1",
         ref, **with_ids)
    case("MP_UNREACH of IPv4, path identifier cut", update(mp_unreach("0000", 1), ""), "notify:3.9|notify:3.10|notify:3.1", ref,
         **with_ids)
    case("a withdrawal by error counts for its path identifier", update(BASE + "c00803000000", "0000000118{P}"), "withdraw",
         "RFC 7606 2",
         **with_ids)
    case("path identifier that was not agreed on", update(BASE, "0000000118{P}"), "notify:3.10", ref)


def flows():
    """Rules about traffic: nothing of them may touch routes, or the session."""
    ref, with_flow = "RFC 8955 4; RFC 7606 2", {"caps": "flow"}
    good = "050118{P}"
    extra = attribute(0x80, 14, "0001850000" + good)
    case("rule about traffic", update(ORIGIN + PATH + extra, ""), "ignore", ref, **with_flow)
    case("rule about traffic beside a prefix", update(BASE + extra), "accept", ref, **with_flow)
    case("rule with a next hop, which means nothing", update(ORIGIN + PATH + attribute(0x80, 14, "00018504{NH}00" + good), ""),
         "ignore",
         ref, **with_flow)
    for rules, what in (("060118{P}", "longer than its list"), ("f0", "half a length"),
                        ("ffff0118{P}", "of 4095 octets in a few"),
                        ("f0050118{P}" "05", "good, then a lone length"), ("ff", "of length 255")):
        case("rule %s" % what, update(ORIGIN + PATH + attribute(0x80, 14, "0001850000" + rules), ""),
             "ignore|notify:3.9|notify:3.10|notify:3.1", ref, **with_flow)
        case("rule %s, withdrawn" % what, update(attribute(0x80, 15, "000185" + rules), ""),
             "ignore|notify:3.9|notify:3.10|notify:3.1", ref, **with_flow)
    for rules, what in (("00", "empty"), ("020081", "with component 0"), ("020e81", "with component 14"),
                        ("02ff81", "with component 255"), ("030381" "06" "04" "81" "11", "with components out of order"),
                        ("0303" "0106", "without an end of its list"), ("0601" "21{P}00", "with a prefix length of 33"),
                        ("030118c6", "with a prefix cut"), ("030391" "06", "with a value cut"),
                        ("060381060381" "06", "with a component twice"),
                        ("01" "03", "with a component without a value")):
        case("rule %s" % what, update(ORIGIN + PATH + attribute(0x80, 14, "0001850000" + rules), ""),
             "ignore|notify:3.9|notify:3.10|notify:3.1", ref, **with_flow)
    case("rules with a next hop longer than them", update(ORIGIN + PATH + attribute(0x80, 14, "000185ff" + "{NH}"), ""),
         "ignore|notify:3.9|notify:3.1", ref, **with_flow)
    case("rule without ORIGIN", update(PATH + extra, ""), "ignore", "RFC 7606 3(d)", **with_flow)
    case("rule with COMMUNITIES of 3 octets", update(ORIGIN + PATH + extra + attribute(0xc0, 8, "000000"), ""), "ignore",
         "RFC 7606 7.8",
         **with_flow)
    case("rule, and list ends with 2 octets", update(ORIGIN + PATH + extra + "c0d5", ""), "ignore", "RFC 7606 4", **with_flow)
    case("End-of-RIB of rules", update(attribute(0x80, 15, "000185"), ""), "ignore", "RFC 4724 2", **with_flow)
    case("rule withdrawn that is not there", update(attribute(0x80, 15, "000185" + good), ""), "ignore", ref, **with_flow)
    case("rules of IPv6, not agreed on", update(ORIGIN + PATH + attribute(0x80, 14, "0002850000" "ff"), ""),
         "ignore|notify:3.9", ref,
         **with_flow)
    case("rules twice", update(ORIGIN + PATH + extra * 2, ""), "notify:3.1", "RFC 7606 3(g)", **with_flow)
    case("ROUTE-REFRESH of rules", message(5, "00010085"), "ignore", "RFC 2918", **with_flow)


def unknown_attributes():
    ref = "RFC 4271 5, 9"
    for kind, name in ((11, "DPA"), (12, "ADVERTISER"), (13, "RCID_PATH"), (19, "SSA"), (20, "Connector"), (21, "AS_PATHLIMIT"),
                       (22, "PMSI_TUNNEL"), (23, "TUNNEL_ENCAP"), (24, "Traffic Engineering"), (27, "PE Distinguisher Labels"),
                       (29, "BGP-LS"), (30, "deprecated"), (31, "deprecated"), (34, "Community Container"), (36, "D-PATH"),
                       (37, "SFP"), (38, "BFD Discriminator"), (39, "Next Hop Dependent"), (40, "Prefix-SID"), (41, "unassigned"),
                       (129, "deprecated"), (254, "unassigned")):
        case("attribute %d (%s) with nonsense in it" % (kind, name), update(BASE + attribute(0xc0, kind, "ff00ff")),
             "accept|discard-attr|withdraw", ref, attr=kind, want="ff00ff")
    case("unknown, optional, not transitive", update(BASE + attribute(0x80, 213, "deadbeef")), DROPPED, ref, attr=213)
    case("unknown, optional, not transitive, of length 0", update(BASE + attribute(0x80, 213)), DROPPED, ref, attr=213)
    case("unknown, Partial already set", update(BASE + attribute(0xe0, 213, "deadbeef")), "accept", ref, attr=213,
         want="deadbeef")
    case("unknown, extended length, unused flags", update(BASE + attribute(0xdf, 213, "deadbeef")), "accept", ref, attr=213,
         want="deadbeef")
    case("unknown, of 3000 octets", update(BASE + attribute(0xc0, 213, "ab" * 3000)), "accept", ref, attr=213, want="ab" * 3000)
    case("unknown, twice", update(BASE + attribute(0xc0, 213, "01") + attribute(0xc0, 213, "02")), "accept", "RFC 7606 3(g)",
         attr=213,
         want="01")
    case("unknown, neither optional nor transitive", update(BASE + attribute(0x00, 213, "deadbeef")), "notify:3.2",
         "RFC 4271 6.3")
    for kind in (0, 40, 255):
        case("type %d as well-known" % kind, update(BASE + attribute(0x40, kind, "00")), "notify:3.2", "RFC 4271 6.3")
    case("well-known and unknown, nothing announced", update(attribute(0x40, 213, "00"), ""), "notify:3.2|notify:3.1",
         "RFC 4271 6.3")
    case("every attribute that may be wrong is", update(attribute(0x40, 1, "07") + attribute(0x40, 2, "0900")
                                                        + attribute(0x40, 3, "00")
                                                        + attribute(0x80, 4, "00") + attribute(0xc0, 8, "00")
                                                        + attribute(0xc0, 16, "00")
                                                        + attribute(0xc0, 32, "00") + attribute(0xc0, 35, "00")), "withdraw",
         "RFC 7606 3(h)")
    case("soft errors and a hard one", update(attribute(0x40, 1, "07") + PATH + HOP + attribute(0x40, 213, "00")), "notify:3.2",
         "RFC 7606 3(h)")


def capability(code, value="", length=None):
    return "%02x%02x" % (code, size(value) if length is None else length) + value


MP4, MP6 = capability(1, "00010001"), capability(1, "00020001")
AS4 = capability(65, "{AS4}")
USUAL = MP4 + MP6 + capability(2) + AS4


def open_body(capabilities=None, parameters=None, **fields):
    if parameters is None:
        capabilities = USUAL if capabilities is None else capabilities
        parameters = "02%02x" % size(capabilities) + capabilities
    length = fields.get("length", size(parameters))
    return (fields.get("version", "04") + fields.get("asn", "{AS2}") + fields.get("hold", "005a") + fields.get("ident", "{NH}")
            + "%02x" % length + parameters)


def opened(name, send, expect, ref, **more):
    case(name, send, expect, ref, phase="open", **more)


def opens():
    ref = "RFC 4271 6.2"
    for version in ("00", "01", "05", "ff"):
        opened("OPEN version %s" % version, message(1, open_body(version=version)), "notify:2.1", ref)
    opened("OPEN with another number in the fixed field", message(1, open_body(asn="fdf2")), "notify:2.2", "RFC 6793 4.1")
    opened("OPEN with AS_TRANS in the fixed field", message(1, open_body(asn="5ba0")), "accept|notify:2.2", "RFC 6793 4.1")
    opened("OPEN with AS_TRANS and no 4-octet number", message(1, open_body(MP4, asn="5ba0")), "notify:2.2", "RFC 6793 9")
    opened("OPEN with 0 in the fixed field and the right number beside", message(1, open_body(asn="0000")), "notify:2.2",
           "RFC 7607 2")
    opened("OPEN with 4-octet number 0", message(1, open_body(MP4 + capability(65, "00000000"))), "notify:2.2", "RFC 7607 2")
    opened("OPEN with another 4-octet number", message(1, open_body(MP4 + capability(65, "0000fdf2"))), "notify:2.2", ref)
    opened("OPEN with two 4-octet numbers", message(1, open_body(MP4 + AS4 + capability(65, "0000fdf2"))), "notify:2.2|accept",
           "RFC 5492 4")
    opened("OPEN with one 4-octet number twice", message(1, open_body(MP4 + AS4 + AS4)), "accept", "RFC 5492 4")
    opened("OPEN hold time 1", message(1, open_body(hold="0001")), "notify:2.6", ref)
    opened("OPEN hold time 3", message(1, open_body(hold="0003")), "accept", ref)
    opened("OPEN hold time 65535", message(1, open_body(hold="ffff")), "accept", ref)
    for ident in ("ffffffff", "e0000001", "7f000001", "00000001"):
        opened("OPEN identifier %s" % ident, message(1, open_body(ident=ident)), "accept|notify:2.3", "RFC 6286 2.1")
    for kind in (0, 3, 254):
        opened("OPEN parameter of type %d" % kind, message(1, open_body(parameters="%02x00" % kind)), "notify:2.4", ref)
    opened("OPEN parameter of type 255 after another", message(1, open_body(parameters="0206" + MP4 + "ff00")), "notify:2.4",
           "RFC 9072 2")
    opened("OPEN without parameters, and something behind", message(1, open_body(parameters="0206" + MP4, length=0)),
           "notify:2.0|notify:1.2", ref)
    opened("OPEN parameters longer than the message", message(1, open_body(length=0x40)), "notify:2.0", ref)
    opened("OPEN with half a parameter's head", message(1, open_body(parameters="02")), "notify:2.0", ref)
    opened("OPEN with half a second parameter's head", message(1, open_body(parameters="0206" + MP4 + "02")), "notify:2.0", ref)
    opened("OPEN with an empty capabilities parameter", message(1, open_body(parameters="0200" "02%02x" % size(USUAL) + USUAL)),
           "accept", "RFC 5492 4")
    opened("OPEN with a parameter for each capability", message(1,
                                                                open_body(parameters="0206" + MP4 + "0202" + capability(2)
                                                                          + "0206" + AS4)),
           "accept", "RFC 5492 4")
    opened("OPEN of 4097 octets", message(1, open_body() + "00" * 4078, 4097), "notify:1.2", "RFC 8654 4")
    ref = "RFC 5492 4"
    opened("OPEN capability without length", message(1, open_body(USUAL + "02")), "notify:2.0", ref)
    opened("OPEN capability of length 255 in an OPEN of 50 octets", message(1, open_body(USUAL + "45ff00")), "notify:2.0", ref)
    opened("OPEN 4-octet number cut by its parameter", message(1, open_body(MP4 + "4104fde9")), "notify:2.0", ref)
    for code in (0, 3, 4, 8, 66, 67, 68, 72, 74, 99, 128, 131, 200, 255):
        opened("OPEN capability %d" % code, message(1, open_body(USUAL + capability(code, "ff00ff"))), "accept", ref)
    opened("OPEN with unknown capabilities only", message(1, open_body(capability(200) + capability(201, "00"))), "accept", ref)
    for length in (0, 5, 8):
        opened("OPEN multiprotocol capability of %d octets" % length,
               message(1, open_body(MP4 + AS4 + capability(1, "00020001ffffffff"[:2 * length]))),
               "notify:2.0|accept", "RFC 4760 8")
    for value in ("", "000000", "{AS4}00", "{AS4}00000000"):
        opened("OPEN 4-octet number of %d octets" % size(value), message(1, open_body(MP4 + capability(65, value))),
               "notify:2.0|notify:2.2|accept", "RFC 6793 4.1")
    opened("OPEN with a family that nobody knows, too", message(1, open_body(USUAL + capability(1, "ffff00ff"))), "accept",
           "RFC 4760 8")
    opened("OPEN with a reserved octet set in a family", message(1, open_body(capability(1, "0001ff01") + AS4)), "accept",
           "RFC 4760 8")
    opened("OPEN with families that we do not have", message(1, open_body(capability(1, "00010080") + capability(1, "00190041")
                                                                          + AS4)),
           "notify:2.7|accept|stuck", "RFC 5492 3")
    opened("OPEN route refresh capability of 1 octet", message(1, open_body(USUAL + capability(2, "00"))), "accept|notify:2.0",
           "RFC 2918 2")
    opened("OPEN extended messages capability of 2 octets", message(1, open_body(USUAL + capability(6, "0000"))),
           "accept|notify:2.0", "RFC 8654 3")
    opened("OPEN enhanced refresh capability of 1 octet", message(1, open_body(USUAL + capability(70, "00"))),
           "accept|notify:2.0", "RFC 7313 3.1")
    for length in (1, 5, 7, 11):
        opened("OPEN extended next hop capability of %d octets" % length,
               message(1, open_body(USUAL + capability(5, ("000100010002" * 2)[:2 * length]))),
               "accept|notify:2.0", "RFC 8950 4")
    for length in (0, 3, 7):
        opened("OPEN graceful restart capability of %d octets" % length,
               message(1, open_body(USUAL + capability(64, ("0078" "00010180" "00020180")[:2 * length]))),
               "accept|notify:2.0", "RFC 4724 3")
    opened("OPEN graceful restart capability twice", message(1, open_body(USUAL + capability(64, "007800010180")
                                                                          + capability(64, "0000"))), "accept",
           "RFC 4724 3")
    opened("OPEN graceful restart of families not offered", message(1,
                                                                    open_body(MP4 + AS4
                                                                              + capability(64, "0078" "00020180" "00190041"))),
           "accept",
           "RFC 4724 3")
    for length in (1, 6, 8, 13):
        opened("OPEN long-lived restart capability of %d octets" % length,
               message(1, open_body(USUAL + capability(64, "007800010180")
                                    + capability(71, ("00010180000e10" * 2)[:2 * length]))), "accept|notify:2.0",
               "RFC 9494 3.1")
    opened("OPEN long-lived restart without graceful restart", message(1, open_body(USUAL + capability(71, "00010180000e10"))),
           "accept", "RFC 9494 4.1")
    for value in ("", "000101", "00010104", "00010100", "000101ff", "0001010100", "00010101000201"):
        opened("OPEN ADD-PATH capability %s" % (value or "without a family"),
               message(1, open_body(USUAL + capability(69, value))), "accept|notify:2.0",
               "RFC 7911 4")
    opened("OPEN ADD-PATH for a family not offered", message(1, open_body(MP4 + AS4 + capability(69, "00020101" "00190043"))),
           "accept", "RFC 7911 4")
    for value in ("", "ff", "05ab", "0561626364", "ff" * 40):
        opened("OPEN FQDN capability %s" % (value[:10] or "empty"), message(1, open_body(USUAL + capability(73, value))),
               "accept|notify:2.0",
               "RFC 5492 4")
    ref = "RFC 9234 4.2"
    opened("OPEN role capability of 0 octets", message(1, open_body(USUAL + capability(9))), "accept|notify:2.0|notify:2.11",
           ref, caps="role")
    opened("OPEN with one role twice", message(1, open_body(USUAL + capability(9, "02") * 2)), "accept", ref, caps="role")
    opened("OPEN with our role's counterpart and another", message(1,
                                                                   open_body(USUAL + capability(9, "02")
                                                                             + capability(9, "03"))), "notify:2.11", ref,
           caps="role")
    for role in (0, 1, 3, 4, 5, 254, 255):
        opened("OPEN role %d to a route server" % role, message(1, open_body(USUAL + capability(9, "%02x" % role))),
               "notify:2.11", ref, caps="role")
    opened("OPEN with role 255 and another", message(1, open_body(USUAL + capability(9, "ff") + capability(9, "02"))),
           "notify:2.11", ref, caps="role")


def long_opens():
    ref = "RFC 9072 2"

    def extended(parameters, first=255, total=None):
        return message(1, "04{AS2}005a{NH}%02xff" % first + "%04x" % (size(parameters) if total is None else total) + parameters)
    usual = "02%04x" % size(USUAL) + USUAL
    unknown = "".join(capability(200, "%02x" % i * 200) for i in range(19))
    opened("OPEN in the extended form", extended(usual), "accept", ref)
    opened("OPEN in the extended form with another first length", extended(usual, 4), "accept", ref)
    opened("OPEN in the extended form, two parameters", extended("02%04x" % size(MP4) + MP4 + "02%04x" % size(AS4) + AS4),
           "accept", ref)
    opened("OPEN in the extended form, empty", extended(""), "accept", ref)
    opened("OPEN in the extended form, an empty parameter", extended("020000" + usual), "accept", ref)
    opened("OPEN in the extended form, 3888 octets of capabilities",
           extended("02%04x" % size(USUAL + unknown) + USUAL + unknown), "accept", ref)
    opened("OPEN in the extended form, total too short", extended(usual, total=3), "notify:2.0|notify:1.2", ref)
    opened("OPEN in the extended form, total 65535", extended(usual, total=65535), "notify:2.0|notify:1.2", ref)
    opened("OPEN in the extended form, a parameter too long", extended("0200ff" + USUAL), "notify:2.0", ref)
    opened("OPEN in the extended form, a parameter's head cut", extended(usual + "0200"), "notify:2.0", ref)
    opened("OPEN in the extended form, parameter of type 1", extended("010001aa" + usual), "notify:2.4|notify:2.5", ref)
    opened("OPEN in the extended form, length of one octet inside", extended("02%02x" % size(USUAL) + USUAL), "notify:2.0", ref)
    opened("OPEN in the extended form, first length 0", message(1, "04{AS2}005a{NH}00ff" + "%04x" % size(usual) + usual),
           "notify:2.0|accept|notify:1.2",
           ref)
    opened("OPEN in the extended form, half its total", message(1, "04{AS2}005a{NH}ffff00"), "notify:2.0|notify:1.2|notify:2.4",
           ref)


def out_of_turn():
    ref, good = "RFC 4271 8.2.2; RFC 6608", message(1, open_body())
    for kind, body, what in ((4, "", "KEEPALIVE"), (5, "00010001", "ROUTE-REFRESH"), (2, "00000000", "UPDATE")):
        opened("%s first" % what, message(kind, body), "notify:5.1|notify:5.0", ref)
    for kind, body, what in ((5, "00010001", "ROUTE-REFRESH"), (1, open_body(), "OPEN")):
        opened("%s after OPEN" % what, [good, message(kind, body)], "notify:5.2|notify:5.0|notify:6.7", ref)
    opened("NOTIFICATION first", message(3, "0602"), "close", ref)
    opened("NOTIFICATION after OPEN", [good, message(3, "0602")], "close", ref)
    opened("unknown type first", message(9, ""), "notify:1.3", "RFC 4271 6.1")
    opened("wrong marker first", "00" * 16 + "001d01" + open_body("", parameters=""), "notify:1.1", "RFC 4271 6.1")
    opened("another protocol altogether", b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n".hex(), "notify:1.1", "RFC 4271 6.1")
    opened("UPDATE of 4097 octets before the OPENs agree on that", [message(2, "00" * 4078)], "notify:1.2|notify:5.1",
           "RFC 8654 4")


def main():
    for group in (headers, notifications, refreshes, frames, known_attributes, mandatory_attributes, paths, old_speakers,
                  reaches, unreaches,
                  add_paths, flows, unknown_attributes, opens, long_opens, out_of_turn):
        group()
    for number, one in enumerate(CASES, 1):
        one["id"] = "C%03d" % number
        print(json.dumps(one))


main()
