"""Hugo builds pages with the same text in the same frame."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path

from gongkai.portal.release.packing import packed

BODY = re.compile(r'<div class="dc-item__body"[^>]*>')
SAMPLE = 500
"""Pages that are compressed to tell what that costs."""


def parted(html: str) -> tuple[str, str, str]:
    """Return what stands before the text of an item's page, the text and what stands behind; raises ValueError without."""
    begun = BODY.search(html)
    if begun is None:
        raise ValueError("the page has no text of an item")
    end = html.rindex("</div>", begun.end(), html.index("<footer", begun.end()))
    if not html[begun.end() : end].strip():
        raise ValueError("the text of the page is empty")
    return html[: begun.end()], html[begun.end() : end], html[end:]


def measure(folder: Path, html: str, pages: int) -> None:
    """Print how many pages a second Hugo builds, as it is and with ``--minify``; it compresses nothing."""
    if shutil.which("hugo") is None:
        print("Hugo: left out, it is not installed")
        return
    head, body, tail = parted(html)
    clean = [part.replace("{{", "{ {") for part in (head, tail)]
    (folder / "layouts/_default").mkdir(parents=True)
    (folder / "config.toml").write_text('baseURL = "http://127.0.0.1/"\ndisableKinds = ["taxonomy", "term", "RSS"]\n')
    (folder / "layouts/_default/single.html").write_text(f"{clean[0]}{{{{ .Content }}}}{clean[1]}")
    listed = "{{ range first 20 .Pages }}<li><a href={{ .RelPermalink }}>{{ .Title }}</a></li>{{ end }}"
    for name in ("list.html", "../index.html"):
        (folder / "layouts/_default" / name).write_text(f"{clean[0]}{listed}{clean[1]}")
    (folder / "content/info").mkdir(parents=True)
    for n in range(pages):
        (folder / f"content/info/{n}.html").write_text(f'---\ntitle: "第{n}项工作的通知"\n---\n{body}')
    for options in ([], ["--minify"]):
        shutil.rmtree(folder / "public", ignore_errors=True)
        begun = time.perf_counter()
        subprocess.run(["hugo", "--quiet", *options], cwd=folder, check=True)
        seconds = time.perf_counter() - begun
        name = " ".join(["Hugo", *options])
        print(f"{name}, {pages} pages, nothing compressed: {seconds:.1f} s, {pages / seconds:.0f} pages/s")
    made = [path for _, path in zip(range(SAMPLE), (folder / "public/info").rglob("*.html"), strict=False)]
    begun = time.process_time()
    for path in made:
        for suffix, data in packed(path.name, path.read_bytes()).items():
            path.with_name(suffix).write_bytes(data)
    cost = (time.process_time() - begun) / max(len(made), 1)
    print(f"  br and gz as ours has them would take Hugo's pages another {cost * 1000:.1f} ms of processor each")
