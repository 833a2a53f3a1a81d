# SPDX-License-Identifier: GPL-2.0-only
"""Opens a page in a browser without a screen and does what stdin says, a line each:

    js EXPRESSION       prints its value as JSON
    until EXPRESSION    waits until it is true, a minute at most
    click X Y           of the window
    wheel X Y DELTA
    keys TEXT           to what has the focus
    dark | light        what the user prefers

browser.py FILE: chromedriver and chromium are taken from PATH. Whatever the page reports as an error ends it with status 1.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request


class Browser:
    def __init__(self, scratch):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        self.session = None
        self.scratch = scratch

    def start(self):
        said = next(line for line in self.driver.stdout if "successfully on port " in line)
        port = int(said.split("on port ")[1].strip(".\n"))
        self.url = f"http://127.0.0.1:{port}/session"
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,800",
                     f"--user-data-dir={self.scratch}"]
        options = {"args": arguments, "binary": shutil.which("chromium")}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        answer = self.ask("", {"capabilities": {"alwaysMatch": wanted}})
        self.session = answer["sessionId"]

    def ask(self, path, body):
        url = f"{self.url}/{self.session}{path}" if self.session else self.url
        request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def js(self, expression):
        return self.ask("/execute/sync", {"script": f"return ({expression});", "args": []})

    def until(self, expression):
        end = time.monotonic() + 60
        while not self.js(expression):
            if time.monotonic() > end:
                raise SystemExit(f"browser: never true: {expression}")
            time.sleep(0.05)

    def pointer(self, x, y, steps):
        move = {"type": "pointerMove", "x": x, "y": y, "duration": 0, "origin": "viewport"}
        self.ask("/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [move] + steps}]})

    def click(self, x, y):
        self.pointer(x, y, [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}])

    def wheel(self, x, y, delta):
        scroll = {"type": "scroll", "x": x, "y": y, "deltaX": 0, "deltaY": delta, "duration": 0, "origin": "viewport"}
        self.ask("/actions", {"actions": [{"type": "wheel", "id": "wheel", "actions": [scroll]}]})

    def keys(self, text):
        steps = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.ask("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": steps}]})

    def prefer(self, scheme):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}})

    def close(self):
        try:
            if self.session:
                request = urllib.request.Request(f"{self.url}/{self.session}", method="DELETE")
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)
        finally:
            self.driver.terminate()
            self.driver.wait()


def run(browser, line):
    word, _, rest = line.strip().partition(" ")
    if word == "js":
        print(json.dumps(browser.js(rest), ensure_ascii=False))
    elif word == "until":
        browser.until(rest)
    elif word in ("click", "wheel"):
        getattr(browser, word)(*map(int, rest.split()))
    elif word == "keys":
        browser.keys(rest)
    elif word in ("dark", "light"):
        browser.prefer(word)
    elif word:
        raise SystemExit(f"browser: {word}?")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        browser = Browser(scratch)
        try:
            browser.start()
            browser.ask("/url", {"url": "file://" + os.path.abspath(sys.argv[1])})
            browser.until("document.documentElement.dataset.ready === 'true'")
            for line in sys.stdin:
                run(browser, line)
            for entry in browser.ask("/se/log", {"type": "browser"}):
                if entry["level"] == "SEVERE":
                    raise SystemExit(f"browser: {entry['message']}")
        finally:
            browser.close()


main()
