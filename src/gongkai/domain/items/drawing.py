"""The items' table of commands by state, drawn as text for ``docs/domain/items.md``; a test compares the two."""

from __future__ import annotations

from gongkai.domain.items.states import STATE_NAMES, TABLE, VERB_NAMES, State, Verb


def draw_table() -> str:
    """Return the table in Markdown: a row a verb, a column a state, in each cell the state that follows or a dash."""
    head = "| | " + " | ".join(f"{STATE_NAMES[state]}<br>`{state}`" for state in State) + " |"
    rule = "|---" * (len(State) + 1) + "|"
    rows = [
        f"| **{VERB_NAMES[verb]}**<br>`{verb}` | "
        + " | ".join(f"`{TABLE[verb][state]}`" if state in TABLE[verb] else "–" for state in State)
        + " |"
        for verb in Verb
    ]
    return "\n".join([head, rule, *rows])


def draw_states() -> str:
    """Return the states and the steps between them as a Mermaid diagram; steps that change nothing are left out."""
    lines = ["stateDiagram-v2", "    [*] --> drafting"]
    for verb in Verb:
        lines += [f"    {before} --> {after}: {verb}" for before, after in TABLE[verb].items() if before is not after]
    return "\n".join(lines)
