#!/usr/bin/python3
# The 10 000 km line of optics.c with numpy, the same formulas as whole-array operations: once with the coefficients
# computed for every span, as GNPy does, and once with them remembered. Prints the best of several rounds.
import sys, time
try:
    import numpy as np
except ImportError:
    sys.exit("python3-numpy is not installed")

C, H = 299792458.0, 6.62607015e-34
SPANS, CHANNELS, KM, LOSS, D, AREA, NF = 125, 76, 80.0, 0.2, 1.67e-5, 83e-12, 5.0
N2, CORE, INDEX, REF = 2.6e-20, 4.2e-6, 1.468, 1550e-9
f = 191.4e12 + 50e9 * np.arange(CHANNELS)
R = np.full(CHANNELS, 32e9)


def coefficients():
    alpha = LOSS * 1e-3 * np.log(10) / 10
    b2 = REF**2 * D / (2 * np.pi * C)
    contrast = 0.5 * (C / (2 * np.pi * (C / REF) * CORE * INDEX) * np.exp(np.pi * CORE**2 / AREA))**2
    width = CORE / np.sqrt(np.log(2 * np.pi * f / C * CORE * INDEX * np.sqrt(2 * contrast)))
    gamma = 2 * np.pi * N2 * f / (C * np.pi * width**2)
    leff, la = -np.expm1(-alpha * KM * 1e3) / alpha, 1 / alpha
    df = f[None, :] - f[:, None]
    x = np.pi**2 * la * b2 * R[:, None]
    psi = leff**2 / (4 * np.pi * b2 * la) * (np.arcsinh(x * (df + R / 2)) - np.arcsinh(x * (df - R / 2)))
    return gamma[:, None]**2 * np.where(np.eye(CHANNELS), 16 / 27, 32 / 27) * psi / R[None, :]**2


def line(remember):
    s, a, n = np.full(CHANNELS, 1e-3), np.zeros(CHANNELS), np.zeros(CHANNELS)
    gain = 10**(LOSS * KM / 10)
    eta = coefficients() if remember else None
    for _ in range(SPANS):
        p = s + a + n
        r = (eta if remember else coefficients()) @ p**2
        s, a, n = s * (1 - r), a * (1 - r), n * (1 - r) + r * p
        a = a / gain + H * f * R * 10**(NF / 10)
        s, a, n = s, a * gain, n
    return 10 * np.log10(s / (a + n))[CHANNELS // 2 - 1]


for name, remember, rounds in (("numpy, each span by itself", False, 5), ("numpy, remembered", True, 50)):
    best = 1e9
    for _ in range(rounds):
        start = time.perf_counter()
        gsnr = line(remember)
        best = min(best, time.perf_counter() - start)
    print("%-24s %4d spans %3d channels %9.3f ms  GSNR %.4f dB" % (name, SPANS, CHANNELS, best * 1e3, gsnr))
