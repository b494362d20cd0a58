"""A plot of lines as SVG, both axes logarithmic, readable on light and on dark."""

import dataclasses
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 30, 50
COLOURS = ("#0b6bcb", "#d1495b", "#2e8b57", "#b8860b")


@dataclasses.dataclass(frozen=True)
class Series:
    name: str
    points: list  # of (x, y), both above 0


class Axis:
    """Powers of ten between two ends in pixels."""

    def __init__(self, values, start, end):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.start, self.end = start, end

    def at(self, value):
        return self.start + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self):
        return [10.0**power for power in range(self.low, self.high + 1)]


def plot(title, x_name, series):
    points = [point for each in series for point in each.points]
    x = Axis([point[0] for point in points], LEFT, WIDTH - RIGHT)
    y = Axis([point[1] for point in points], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
             f'font-size="12" fill="#777">', text(LEFT, 16, title, "start")]
    for tick in y.ticks():
        parts += [line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick)), text(LEFT - 6, y.at(tick) + 4, short(tick), "end")]
    for tick in x.ticks():
        parts += [line(x.at(tick), TOP, x.at(tick), HEIGHT - BOTTOM),
                  text(x.at(tick), HEIGHT - BOTTOM + 18, short(tick), "middle")]
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_name, "middle"))
    for number, each in enumerate(series):
        parts += drawn(each, x, y, COLOURS[number % len(COLOURS)])
        parts.append(text(WIDTH - RIGHT + 14, TOP + 14 + 20 * number, each.name, "start", COLOURS[number % len(COLOURS)]))
    return "\n".join(parts) + "\n</svg>\n"


def drawn(series, x, y, colour):
    places = [(x.at(a), y.at(b)) for a, b in series.points]
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for (a, b), (_, value) in zip(places, series.points):
        yield f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"><title>{exact(value)}</title></circle>'


def line(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#9995"/>'


def text(x, y, content, anchor, colour="#777"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(content)}</text>'


def exact(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def short(value):
    if value >= 10**6:
        return f"{value / 10**6:g} M"
    return f"{value / 1000:g} k" if value >= 1000 else f"{value:g}"
