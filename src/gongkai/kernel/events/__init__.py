"""Telling the rest of the product that something has happened, after it is committed.

A feature declares frozen dataclasses on ``Event`` and calls ``publish``; it never knows who listens. Listeners are
registered in ``gongkai.config.wiring`` and nowhere else. See ``bus`` for what happens when one of them fails.
"""

from gongkai.kernel.events.bus import Event, publish, subscribe, unheard

__all__ = ["Event", "publish", "subscribe", "unheard"]
