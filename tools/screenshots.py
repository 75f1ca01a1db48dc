"""Take pictures of pages in three widths: ``tools/screenshots.py BASE_URL [--user U --password P] [--out DIR] PATH…``.

Signs in once when a user is given. ``--dark`` asks for the dark theme, ``--fold`` stops at the first screen instead of
the whole page, ``--widths`` chooses other widths. Prints the file of every picture, and says when a page scrolls
sideways, answers with an error or writes to the console.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("base")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    parser.add_argument("--out", default="screenshots", type=Path)
    parser.add_argument("--widths", default="1440,768,375")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--fold", action="store_true")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    return parser.parse_args()


def sign_in(page: Page, base: str, user: str, password: str) -> None:
    """Fill in the sign-in form; ends the process when it is refused."""
    page.goto(f"{base}/admin/login/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_load_state()
    if "/login" in page.url:
        sys.exit(f"sign-in as {user} was refused")


def main() -> None:
    """Take every picture."""
    options = arguments()
    base = options.base.rstrip("/")
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        context = browser.new_context(locale="zh-CN", color_scheme="dark" if options.dark else "light")
        page = context.new_page()
        said: list[str] = []

        def listen(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                said.append(message.text)

        page.on("console", listen)
        if options.user:
            sign_in(page, base, options.user, options.password)
        for path in options.paths:
            for width in [int(text) for text in options.widths.split(",")]:
                said.clear()
                page.set_viewport_size({"width": width, "height": 900})
                response = page.goto(f"{base}{path}", wait_until="networkidle")
                name = re.sub(r"[^\w-]+", "_", path).strip("_") or "home"
                file = options.out / f"{name}-{width}{'-dark' if options.dark else ''}.png"
                if not options.fold:  # the admin scrolls inside its frame: make the window as tall as what it holds
                    height = page.evaluate(
                        "Math.max(...[...document.querySelectorAll('html, body, main, .content')]"
                        ".map((one) => one.scrollHeight))"
                    )
                    page.set_viewport_size({"width": width, "height": min(max(height, 900), 12_000)})
                page.screenshot(path=file, full_page=not options.fold)
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                notes = [f"status {response.status}"] if response and response.status >= 400 else []
                notes += [f"scrolls sideways by {wide}px"] if wide > 0 else []
                print(file, *notes, *said, sep="  |  ")
        browser.close()


if __name__ == "__main__":
    main()
