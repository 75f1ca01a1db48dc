"""The settings of ``gongkai run`` with a stock form beside our pages (``_foi_served``)."""

from gongkai.config.settings.embedded import *  # noqa: F403 (settings take over all of others, as everywhere in Django)

ROOT_URLCONF = "benchmarks._foi_served"
