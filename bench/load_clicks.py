"""What each of the sessions of bench/load.py clicks (a Locust file; load.py starts it).

Work list, one dossier of it, the chooser, an intake form, the intake, the answer to the citizen,
a search, the list: round and round, one click every ten seconds, with what the pages ask for by
themselves (live numbers) if --polls is given. Every tenth intake is sent twice with one key.
"""

import json
import os
import re
from collections import Counter
from http.cookiejar import Cookie
from pathlib import Path
from random import Random
from typing import Any

from locust import FastHttpUser, constant_pacing, events, task

PLAN = json.loads(Path(os.environ["LOAD_PLAN"]).read_text("utf-8"))
TOKEN = "a" * 32
LINK = re.compile(r'href="(/ho-so/[0-9a-f-]{36}/)"')
KEY = re.compile(r'name="intake_key" value="([0-9a-f-]{36})"')
COMPONENT = re.compile(r'name="(component_\d+)"')
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường", "Phạm Minh Đức", "Hồ Thị Én")

taken: dict[str, list[float]] = {}
errors: Counter[str] = Counter()
keys: list[str] = []
waiting = list(PLAN["sessions"])


def keep(name: str, response_time: float, exception: object, **rest: Any) -> None:
    taken.setdefault(name, []).append(response_time)
    if exception:
        errors[f"{name}: {exception}"[:200]] += 1


def tell(**rest: Any) -> None:
    answer = {"taken": taken, "errors": errors, "keys": keys}
    Path(os.environ["LOAD_RESULT"]).write_text(json.dumps(answer), "utf-8")


events.request.add_listener(keep)  # type: ignore[no-untyped-call]
events.quitting.add_listener(tell)  # type: ignore[no-untyped-call]


class Clerk(FastHttpUser):
    host = PLAN["host"]
    wait_time = constant_pacing(PLAN["pace"])
    connection_timeout = network_timeout = 60.0

    def on_start(self) -> None:
        self.session = waiting.pop()
        self.chance = Random(self.session["cookie"])  # noqa: S311 - only who clicks what
        self.step = self.chance.randrange(8)
        self.link = self.key = ""
        self.papers: list[str] = []
        self._keep_cookie("sessionid", self.session["cookie"])
        self._keep_cookie("csrftoken", TOKEN)

    @task
    def click(self) -> None:
        """Whoever comes late to the form begins with it."""
        steps = (
            self.work,
            self.dossier,
            self.choose,
            self.form,
            self.take,
            self.answer,
            self.search,
            self.everything,
        )
        steps[self.step % len(steps)]()
        self.step += 1
        if PLAN["polls"] and self.step % 3 == 0:  # every half minute
            self.get("/viec/dem/", "live numbers", {"HX-Request": "true"})

    def work(self) -> None:
        self._follow(self.get("/viec/", "work list"))

    def everything(self) -> None:
        self._follow(self.get("/ho-so/", "list"))

    def search(self) -> None:
        words = self.chance.choice(("nguyen van", "tran thi binh", "le hoang", "minh duc"))
        self._follow(self.get(f"/ho-so/?q={words.replace(' ', '+')}", "search"))

    def dossier(self) -> None:
        self.get(self.link or self.session["dossier"], "dossier")

    def choose(self) -> None:
        self.get("/tiep-nhan/", "chooser")

    def form(self) -> None:
        text = self.get(self.session["form"], "form")
        found = KEY.search(text)
        self.key = found.group(1) if found else ""
        self.papers = COMPONENT.findall(text)

    def take(self) -> None:
        if not self.key:
            self.form()
        fields = {
            "csrfmiddlewaretoken": TOKEN,
            "intake_key": self.key,
            "agency": self.session["agency"],
            "capacity": "own",
            "channel": "direct",
            "delivery": "counter",
            "outcome": "accept",
            "holder-kind": "person",
            "holder-name": self.chance.choice(NAMES),
            "holder-phone": f"09{self.chance.randrange(10**8):08d}",
            "holder-address": "Thôn 2",
        }
        for paper in self.papers:
            fields |= {paper: "on", f"{paper}_form": "original", f"{paper}_quantity": "1"}
        keys.append(self.key)
        self.link = ""
        for _ in range(2 if self.chance.random() < 0.1 else 1):
            self._post(fields)
        self.key = ""

    def answer(self) -> None:
        self.get(self.link or self.session["dossier"], "answer")

    def _post(self, fields: dict[str, str]) -> None:
        with self.client.post(
            self.session["form"],
            data=fields,
            name="intake",
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            self.link = str((answer.headers or {}).get("Location", ""))
            if answer.status_code == 302 and "/accounts/" not in self.link:
                answer.success()
            else:
                answer.failure(f"answers {answer.status_code}")

    def get(self, address: str, name: str, headers: dict[str, str] | None = None) -> str:
        with self.client.get(
            address,
            name=name,
            headers=headers or {},
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            if answer.status_code == 200:
                answer.success()
                return str(answer.text)
            answer.failure(f"answers {answer.status_code}")
            return ""

    def _follow(self, text: str) -> None:
        found = LINK.findall(text)
        self.link = self.chance.choice(found) if found else ""

    def _keep_cookie(self, name: str, value: str) -> None:
        flags: dict[str, Any] = {"port": None, "port_specified": False, "expires": None}
        flags |= {"comment": None, "comment_url": None, "rest": {}, "secure": False}
        flags |= {"path": "/", "path_specified": True, "discard": True, "version": 0}
        flags |= {"domain": "127.0.0.1", "domain_specified": True, "domain_initial_dot": False}
        self.client.cookiejar.set_cookie(Cookie(name=name, value=value, **flags))
