"""Asking addresses on the web whether they answer, without ever being led into the inside of one's own network.

- ``links_ask(urls, allowed=…)`` asks many addresses, politely to each host, and gives one ``Answer`` an address.
"""

from gongkai.kernel.outgoing.asking import Answer, Limits, Problem, link_ask
from gongkai.kernel.outgoing.guard import Networks, networks
from gongkai.kernel.outgoing.rounds import links_ask

__all__ = ["Answer", "Limits", "Networks", "Problem", "link_ask", "links_ask", "networks"]
