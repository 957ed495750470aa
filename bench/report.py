"""The results as Markdown: the machine, the table of ratios, and every step that was run."""

import re
import statistics

from cases import Result, Results, Sizes
from lines import Line


def markdown(facts: dict, lines: list[Line], results: dict[str, Results], sizes: Sizes, notes: list[str]) -> str:
    text = ["## Machine", "", "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items()), ""]
    if sizes.scale != 1:
        text += [f"**A run at scale {sizes.scale:g}: its figures show that everything works, and nothing else.**", ""]
    text += ["## Ratios", ""]
    text += ["| work | beside | ours s (min-max) | beside s (min-max) | ratio | reach | met? |", "|---|---|--:|--:|--:|--:|---|"]
    text += [row(line, results.get(line.case, {})) for line in lines]
    text += ["", "## Steps", ""]
    text += ["| case | step | rounds | rows | s (min-max) | rows/s | processor s | peak MB |", "|---|---|--:|--:|--:|--:|--:|--:|"]
    text += [step(case, name, result) for case, steps in results.items() for name, result in steps.items()]
    if notes:
        text += ["", "## Notes", "", *(f"- {note}" for note in notes)]
    return "\n".join(text)


def row(line: Line, results: Results) -> str:
    reach = f"{line.reach:g} times as fast" if line.is_times else f"{line.reach:g} {line.unit}" if line.other is None else f"{line.reach:g}"
    if not line.is_measured(results):
        return f"| {line.work} | {line.beside} | | | | {reach} | not measured |"
    value = line.value(results)
    ours, other, ratio = spread(results[line.ours]), "", f"{value:.2f}"
    if line.other is None:
        ours, ratio = f"{value:.0f} {line.unit}", ""
    elif line.figure == "megabytes":
        ours, other = (f"{max(results[step].megabytes()):.0f} MB" for step in (line.ours, line.other))
    else:
        other = spread(results[line.other])
    if line.is_per_row:
        ours, other = (f"{results[step].per_row() * 1e6:.2f} µs a row, {text}" for step, text in ((line.ours, ours), (line.other, other)))
    if line.is_times:
        ratio = f"{value:.1f} times"
        own = own_clock(results[line.other])
        if own:
            other += f"; by its own clock {own:.2f}, {own / results[line.ours].median():.1f} times"
    met = "yes" if line.is_met(results) else "**no**"
    return f"| {line.work} | {line.beside} | {ours} | {other} | {ratio} | {reach} | {met} |"


def own_clock(result: Result) -> float | None:
    """What a peer script says its import took, without its start and the loading of its libraries."""
    found = [re.search(r"\bwall=([0-9.]+)", run.output) for run in result.runs]
    return statistics.median(float(match[1]) for match in found) if all(found) else None


def step(case: str, name: str, result: Result) -> str:
    processor = statistics.median(run.processor_seconds for run in result.runs)
    cells = [case, name, len(result.runs), f"{result.rows:,}", spread(result), f"{result.rows / result.median():,.0f}",
             f"{processor:.2f}", f"{max(result.megabytes()):.0f}"]
    return "| " + " | ".join(map(str, cells)) + " |"


def spread(result: Result) -> str:
    """Median, and the rounds that were fastest and slowest."""
    return f"{result.median():.3f} ({min(result.seconds()):.3f}-{max(result.seconds()):.3f})"
