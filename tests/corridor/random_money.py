#!/usr/bin/env python3
"""Flows by chance, with what they are worth reckoned in exact fractions: random_money.py CASES SEED.

A line each: rate, number of amounts, the amounts, net present value, first year of payback, number
of rates at which the flow is worth nothing, and those (by Sturm's theorem, to 1e-12)."""
import random
import sys
from fractions import Fraction


def value(p, x):
    v = Fraction(0)
    for c in reversed(p):
        v = v * x + c
    return v


def trim(p):
    while p and p[-1] == 0:
        p = p[:-1]
    return p


def remainder(a, b):
    a = list(a)
    while len(a) >= len(b):
        q = a[-1] / b[-1]
        for i in range(len(b)):
            a[len(a) - len(b) + i] -= q * b[i]
        a = a[:-1]
    return trim(a)


def sturm(p):
    chain = [p, trim([k * c for k, c in enumerate(p)][1:])]
    while chain[-1]:
        chain.append([-c for c in remainder(chain[-2], chain[-1])])
    return chain[:-1]


def changes(chain, x):
    signs = [v > 0 for v in (value(p, x) for p in chain) if v != 0]
    return sum(a != b for a, b in zip(signs, signs[1:]))


def roots(p):
    """Distinct roots above 0, each between two fractions 1e-13 apart."""
    while p and p[0] == 0:
        p = p[1:]
    p = trim(p)
    if len(p) < 2:
        return []
    chain = sturm(p)
    most = max(abs(c) for c in p)
    todo, found = [(Fraction(0), 1 + most / abs(p[-1]))], []
    while todo:
        low, high = todo.pop()
        count = changes(chain, low) - changes(chain, high)
        if count == 0:
            continue
        if count == 1 and high - low < high / 10 ** 13:
            found.append(high)
            continue
        middle = Fraction((low + high) / 2).limit_denominator(10 ** 18)
        todo += [(low, middle), (middle, high)]
    return found


def flow_by_chance(chance):
    kind = chance.randrange(4)
    if kind == 0:  # an investment
        return [-chance.randint(1, 90)] + [chance.randint(0, 20) for _ in range(chance.randint(1, 14))]
    if kind == 1:  # built in phases, taken down in the end
        return ([-chance.randint(1, 50) for _ in range(chance.randint(1, 3))] +
                [chance.randint(5, 30) for _ in range(chance.randint(2, 8))] + [-chance.randint(1, 90)])
    if kind == 2:  # rates that are known: the product of (rate in percent)
        p = [Fraction(1)]
        for percent in chance.sample(range(1, 60), chance.randint(2, 4)):
            r = Fraction(percent, 100)
            p = [a - b for a, b in zip([0] + [(1 + r) * c for c in p], p + [0])]
        return [int(c * 10 ** 8) for c in p]
    return [chance.randint(-9, 9) for _ in range(chance.randint(1, 10))]


def main():
    cases, chance = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    for _ in range(cases):
        flow = flow_by_chance(chance)
        rate = Fraction(chance.randint(-20, 60), 100)
        worth, factor, payback = Fraction(0), Fraction(1), -1
        for k, amount in enumerate(flow):
            worth += amount * factor
            factor /= 1 + rate
            if payback < 0 and worth >= 0:
                payback = k
        rates = sorted(float(1 / x - 1) for x in roots([Fraction(a) for a in flow]))
        print(float(rate), len(flow), *flow, repr(float(worth)), payback, len(rates), *map(repr, rates))


main()
