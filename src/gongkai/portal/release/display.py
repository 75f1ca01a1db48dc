"""What every page of the release links to and what alone changes for all of them: themes, and the emergency banners.

Banners stand in a page of their own, framed by every page: a new one is two files of work, however many pages there
are. The stylesheet of the theme says whether the frame is there at all and how high it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import product

from gongkai.design.themes import SIZES, THEMES, theme_css
from gongkai.features.disclosure.selectors.banners import BannerRow, banner_public_list
from gongkai.portal.release.rendering import Files, page

FRAME = "portal/release/banners.html"
FRAME_FILE = "display/banner/index.html"
_HIDDEN = ".gk-alarms-frame { display: none; }\n"
# From which width of the window on: characters that fit into a line, and lines for who says so and when.
_WIDTHS = ((0, 18, 1), (600, 32, 1), (1000, 52, 0))
_LINE, _EDGE = 1.75, 1.4
"""Height of a line of a banner and of the space around it, in rem; with large type lines hold fewer characters."""


def display_files(*, at: datetime) -> Files:
    """Return the stylesheets of every size and theme, and the page of the banners that stand at the moment."""
    banners = banner_public_list(at=at)
    files: Files = {
        f"display/theme/{size}-{theme}.css": (
            theme_css(size, theme) + frame_css(banners, large=size != "normal")
        ).encode()
        for size, theme in product(SIZES, THEMES)
    }
    files[FRAME_FILE] = page(FRAME, {"gk_banners": banners, "page_title": "应急信息"}, url="/display/banner/")
    return files


def frame_css(banners: Sequence[BannerRow], *, large: bool) -> str:
    """Return the rules for the frame: as high as its banners need at each width, none where there is no banner."""
    if not banners:
        return _HIDDEN
    rules = []
    for least, characters, meta in _WIDTHS:
        fits = characters * 4 // 5 if large else characters
        height = sum(_EDGE + _LINE * (meta + -(-_characters(banner) // fits)) for banner in banners)
        rule = f".gk-alarms-frame {{ height: {height:.1f}rem; }}"
        rules.append(f"@media (min-width: {least}px) {{ {rule} }}" if least else rule)
    return "\n".join(rules) + "\n"


def _characters(banner: BannerRow) -> int:
    return len(f"{banner.level_name}应急信息：{banner.title} {banner.text} 详情")
