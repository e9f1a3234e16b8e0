"""Floats: the sun and its four large planets, step by step."""

DAYS = 365.24
SUN = 39.47841760435743
BODIES = [
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, SUN],
    [4.84143144, -1.16032004, -0.10362204, 0.00166007 * DAYS, 0.00769901 * DAYS, -0.00006904 * DAYS, 0.00095479 * SUN],
    [8.34336671, 4.12479856, -0.40352341, -0.00276742 * DAYS, 0.00499852 * DAYS, 0.00002304 * DAYS, 0.00028588 * SUN],
    [12.8943695, -15.1111514, -0.22330757, 0.00296460 * DAYS, 0.00237847 * DAYS, -0.00002965 * DAYS, 0.00004366 * SUN],
    [15.3796971, -25.9193146, 0.17925877, 0.00268067 * DAYS, 0.00162824 * DAYS, -0.00009515 * DAYS, 0.00005151 * SUN],
]
PAIRS = [(a, b) for i, a in enumerate(BODIES) for b in BODIES[i + 1 :]]


def step(dt):
    """Moves every body by its speed, after every pair has pulled at each other."""
    for a, b in PAIRS:
        dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
        pull = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
        by_a, by_b = a[6] * pull, b[6] * pull
        a[3] -= dx * by_b
        a[4] -= dy * by_b
        a[5] -= dz * by_b
        b[3] += dx * by_a
        b[4] += dy * by_a
        b[5] += dz * by_a
    for body in BODIES:
        body[0] += dt * body[3]
        body[1] += dt * body[4]
        body[2] += dt * body[5]


for _ in range(80_000):
    step(0.01)
print(f"{BODIES[1][0]:.6f}")
