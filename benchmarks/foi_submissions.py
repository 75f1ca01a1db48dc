"""Applications sent by the public form over HTTP, also while the database is killed, beside a stock Django form post.

A real ``gongkai run`` with a data folder of its own, served by two web processes, with worker, publisher and builder beside
it; clients on the same two cores::

    python -m benchmarks.foi_submissions [--number 1000] [--clients 8] [--workers 2] [--killed 400] [--stock 2000]

Every form is asked for and its proof of work solved before the clock runs, so that what is measured is the post alone: the
checks, the sealed columns, the number without gaps, the events, the audit entry, and the page with number and query code.
The stock form has the same fields and writes one row of one table, by the same server.

Then the postmaster is killed with SIGKILL in the middle. Who gets the form back (503) looks whether what was filled in stands
in it, and sends it again as it stands there. At the end every number that was answered must be there with its contents and
events, no application twice, numbers of each unit without gaps, and the audit chain whole. Ends with an error otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gongkai.config import cluster
from gongkai.config.database import data_folder, socket_folder
from gongkai.kernel.proof_of_work.challenges import Challenge, solve

ROOT = Path(__file__).resolve().parents[1]
UNITS = 6
STARTED = "按 Ctrl-C 停止"
PATIENCE = 600
"""Seconds within which a start must be over, and after which a form that is not taken is given up."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Sheet:
    """A form ready to be sent: what is filled in, and the subject by which it is known afterwards."""

    subject: str
    fields: dict[str, str]
    seconds: float = 0.0
    answers: list[int] = field(default_factory=list)
    register_no: str = ""

    @property
    def body(self) -> bytes:
        """Return it as a browser sends it."""
        return urllib.parse.urlencode(self.fields).encode()


class Installation:
    """A data folder, the port, and the ``gongkai run`` that works there."""

    def __init__(self, workers: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
        self.folder.chmod(0o755)
        self.home = self.folder / "var"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GONGKAI_") and k != "DATABASE_URL"}
        self.environment = {
            **kept,
            "GONGKAI_HOME": str(self.home),
            "GONGKAI_PORT": str(self.port),
            "GONGKAI_WEB_WORKERS": str(workers),
            "DJANGO_SETTINGS_MODULE": "benchmarks._foi_server",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
            "PYTHONWARNINGS": "ignore",
        }
        self.console = self.folder / "console.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Installation:
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _begin(self) -> None:
        with open(self.console, "wb") as console:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gongkai", "run", "--no-demo"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while STARTED not in self.console.read_text(errors="replace"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(self.console.read_text(errors="replace"))
            time.sleep(0.2)

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=60)
            if self.process.poll() is None:
                self.process.kill()
        postmaster = cluster.postmaster(data_folder(self.home))
        if postmaster is not None:
            postmaster.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def python(self, *arguments: str) -> str:
        """Run a program with the installation's environment and return what it prints."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, text=True, capture_output=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        import psycopg

        with psycopg.connect(host=str(socket_folder(self.home)), user="postgres", dbname="gongkai") as connection:
            return connection.execute(statement).fetchall()

    def kill_database(self) -> None:
        """Kill the postmaster as it stands."""
        postmaster = cluster.postmaster(data_folder(self.home))
        assert postmaster is not None
        postmaster.send_signal(signal.SIGKILL)


class Browser:
    """One connection with its cookie."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
        """Send a request and return status and page."""
        headers = dict(FORM) if body else {}
        if self.cookie:
            headers["Cookie"] = f"csrftoken={self.cookie}"
        try:
            self.connection.request(method, path, body or None, headers)
            answer = self.connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, ""
        for line in answer.headers.get_all("Set-Cookie") or ():
            if line.startswith("csrftoken="):
                self.cookie = line.split("=", 1)[1].split(";", 1)[0]
        return answer.status, page


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    tag = next(tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag)
    found = re.search(r'value="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def proved(page: str) -> dict[str, str]:
    """Return the fields that a page wants beside what people fill in: its token, its number, the proof of work, solved."""
    told = re.search(r'data-gk-proof="([^"]*)"', page)
    proof = {"proof_work": solve(Challenge(**json.loads(html.unescape(told[1]))))} if told else {}
    return {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"), "once": hidden(page, "once"), **proof}


def sheets(browser: Browser, units: Sequence[int], number: int, label: str) -> list[Sheet]:
    """Ask for as many forms, fill them in and solve what they ask."""
    found = []
    for n in range(number):
        status, page = browser.ask("GET", "/apply/new/")
        assert status == 200, (status, page[:500])
        subject = f"学府路改造项目环境影响评价批复（{label}{n}）"
        filled = {
            "unit": str(units[n % len(units)]),
            "kind": "natural_person",
            "name": f"欧阳{n}",
            "id_number": "360721199001011233",
            "phone": "13979701234",
            "subject": subject,
            "description": "2025年学府路改造项目的环境影响报告表及批复文件全文，含附图。",
            "wanted_form": "electronic",
            "wanted_delivery": "online",
            "agreed": "on",
        }
        found.append(Sheet(subject, filled | proved(page)))
    return found


def send(browser: Browser, sheet: Sheet) -> None:
    """Send a form until it is taken; one that comes back is looked at and sent as it came."""
    begun = time.perf_counter()
    deadline = time.monotonic() + PATIENCE
    while not sheet.register_no and time.monotonic() < deadline:
        status, page = browser.ask("POST", "/apply/new/", sheet.body)
        sheet.answers.append(status)
        if status == 200:
            told = re.search(r"\b(20\d\d-\d{4,})\b", page)
            assert told is not None, page[:2000]
            sheet.register_no = told[1]
        elif status == 503:
            for name in ("subject", "description", "name", "id_number", "phone"):
                assert html.escape(sheet.fields[name]) in page, f"{name} is not on the page that came back"
            sheet.fields |= proved(page)
            time.sleep(1)
        else:
            assert status in (0, 502), (status, page[:2000])
            time.sleep(1)
    sheet.seconds = time.perf_counter() - begun


def send_all(
    port: int, ready: Sequence[Sheet], cookie: str, clients: int, step: Callable[[Browser, Sheet], None]
) -> float:
    """Send forms by several clients at once; returns the seconds it took, and raises what went wrong in a client."""
    waiting = list(reversed(ready))
    wrong: list[BaseException] = []
    lock = threading.Lock()

    def work() -> None:
        browser = Browser(port)
        browser.cookie = cookie
        try:
            while True:
                with lock:
                    if not waiting or wrong:
                        return
                    sheet = waiting.pop()
                step(browser, sheet)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return time.perf_counter() - begun


def pace(name: str, ready: Sequence[Sheet], seconds: float) -> float:
    """Print how many a second, and how long one took."""
    times = sorted(sheet.seconds * 1000 for sheet in ready)
    p95 = times[min(int(len(times) * 0.95), len(times) - 1)]
    rate = len(ready) / seconds
    print(f"{name:<44}{rate:9.1f}/s  p50 {statistics.median(times):7.1f} ms  p95 {p95:7.1f} ms", flush=True)
    return rate


def stock_sheets(browser: Browser, like: Sheet, number: int) -> list[Sheet]:
    """Fill in the stock form as often."""
    status, page = browser.ask("GET", "/stock/")
    assert status == 200, page[:500]
    names = ("subject", "description", "unit", "kind", "name", "id_number", "phone", "wanted_form", "wanted_delivery")
    filled = {name: like.fields[name] for name in names}
    return [
        Sheet("", filled | {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")}, register_no=str(n))
        for n in range(number)
    ]


def send_stock(browser: Browser, sheet: Sheet) -> None:
    """Send the stock form once."""
    begun = time.perf_counter()
    status, page = browser.ask("POST", "/stock/", sheet.body)
    assert status == 200 and "taken" in page, (status, page[:1000])
    sheet.seconds = time.perf_counter() - begun


def nothing_is_lost(installation: Installation, ready: Sequence[Sheet]) -> None:
    """Compare what was answered with what is there."""
    answered = {(int(sheet.fields["unit"]), sheet.register_no): sheet.subject for sheet in ready if sheet.register_no}
    assert len(answered) == len(ready), f"{len(ready) - len(answered)} were never taken, or a number was given twice"
    rows = installation.query("SELECT unit_id, register_no, subject, event_count, id FROM foi_application")
    there = {(unit, number): subject for unit, number, subject, _, _ in rows}
    lost = {key: subject for key, subject in answered.items() if there.get(key) != subject}
    assert not lost, f"lost: {list(lost.items())[:5]}"
    twice = [subject for subject, times in Counter(subject for _, _, subject, _, _ in rows).items() if times > 1]
    assert not twice, f"twice: {twice[:5]}"
    events = dict(installation.query("SELECT application_id, count(*) FROM foi_caseevent GROUP BY application_id"))
    assert all(events.get(pk) == count for _, _, _, count, pk in rows), "events are missing"
    people = installation.query("SELECT count(*) FROM foi_applicant")[0][0]
    assert people == len(rows), "applicants without applications"
    for unit in {unit for unit, _, _, _, _ in rows}:
        numbers = sorted(int(number.split("-")[1]) for one, number, _, _, _ in rows if one == unit)
        assert numbers == list(range(1, len(numbers) + 1)), f"numbers of unit {unit} have gaps"
    breaks = installation.python("-c", CHAIN).strip()
    assert breaks == "0", f"the audit chain is broken in {breaks} places"


CHAIN = """
import django; django.setup()
from gongkai.kernel.audit.selectors import chain_verify
print(len(chain_verify()))
"""


def main() -> None:
    """Measure, kill, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2, help="web processes (GONGKAI_WEB_WORKERS)")
    parser.add_argument("--killed", type=int, default=400, help="how many are sent while the database is killed")
    parser.add_argument("--stock", type=int, default=2000)
    options = parser.parse_args()
    with Installation(options.workers) as installation:
        units = [int(line) for line in installation.python("-m", "benchmarks._foi_served", str(UNITS)).split()]
        browser = Browser(installation.port)
        warm = sheets(browser, units, options.clients * 2, "预")
        send_all(installation.port, warm, browser.cookie, options.clients, send)
        print(f"{options.clients} clients, {options.workers} web processes of four threads\n")

        begun = time.perf_counter()
        ready = sheets(browser, units, options.number, "甲")
        each = (time.perf_counter() - begun) / max(options.number, 1) * 1000
        print(f"asking for a form and solving its proof, beforehand, one after the other: {each:.0f} ms each")
        ours = pace("applications", ready, send_all(installation.port, ready, browser.cookie, options.clients, send))
        stock = stock_sheets(browser, ready[0], options.stock)
        send_all(installation.port, stock[: options.clients], browser.cookie, options.clients, send_stock)
        limit = pace(
            "stock Django form into one table",
            stock,
            send_all(installation.port, stock, browser.cookie, options.clients, send_stock),
        )
        print(f"applications per post of the stock form: {ours / limit:.2f}\n")

        killed = sheets(browser, units, options.killed, "乙")
        killer = threading.Timer(options.killed / ours / 3, installation.kill_database)
        killer.start()
        seconds = send_all(installation.port, killed, browser.cookie, options.clients, send)
        killer.join()
        answers = Counter(answer for sheet in killed for answer in sheet.answers)
        again = sum(len(sheet.answers) > 1 for sheet in killed)
        longest = max(sheet.seconds for sheet in killed)
        told = ", ".join(f"{count} times {code or 'no answer'}" for code, count in sorted(answers.items()))
        print(f"{options.killed} sent while the postmaster was killed: {seconds:.1f} s, answers: {told}")
        print(
            f"{again} came back filled in and were sent again; the longest took {longest:.1f} s until it had its number"
        )
        nothing_is_lost(installation, [*warm, *ready, *killed])
        print(
            f"all {len(warm) + len(ready) + len(killed)} that were answered with a number are there with their events, none "
            "twice, numbers without gaps, audit chain whole"
        )


if __name__ == "__main__":
    main()
