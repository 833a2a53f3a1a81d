# SPDX-License-Identifier: GPL-2.0-only
"""Opens a page in a browser without a screen and does what stdin says, a line each:

    js EXPRESSION       prints its value as JSON
    until EXPRESSION    waits until it is true, a minute at most
    click X Y           of the window
    wheel X Y DELTA
    keys TEXT           to what has the focus
    dark | light        what the user prefers
    picture FILE        what is seen, as PNG

browser.py FILE|URL: chromedriver and chromium are taken from PATH, or with BROWSER=firefox firefox-esr or firefox, which need no
driver. Whatever the page reports as an error to Chromium ends it with status 1.
"""
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request


class Browser:
    """What is asked of either: by the commands of WebDriver, which subclasses send."""

    def js(self, expression):
        return self.ask("ExecuteScript", {"script": f"return ({expression});", "args": []})

    def until(self, expression):
        end = time.monotonic() + 60
        while not self.js(expression):
            if time.monotonic() > end:
                raise SystemExit(f"browser: never true: {expression}")
            time.sleep(0.05)

    def act(self, source):
        self.ask("PerformActions", {"actions": [source]})

    def click(self, x, y):
        move = {"type": "pointerMove", "x": x, "y": y, "duration": 0, "origin": "viewport"}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.act({"type": "pointer", "id": "mouse", "actions": [move] + press})

    def wheel(self, x, y, delta):
        scroll = {"type": "scroll", "x": x, "y": y, "deltaX": 0, "deltaY": delta, "duration": 0, "origin": "viewport"}
        self.act({"type": "wheel", "id": "wheel", "actions": [scroll]})

    def keys(self, text):
        steps = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.act({"type": "key", "id": "keyboard", "actions": steps})

    def picture(self, name):
        with open(name, "wb") as file:
            file.write(base64.b64decode(self.ask("TakeScreenshot", {"full": False})))


class Chromium(Browser):
    PATHS = {"Navigate": "/url", "ExecuteScript": "/execute/sync", "PerformActions": "/actions", "TakeScreenshot": "/screenshot",
             "Log": "/se/log", "Devtools": "/goog/cdp/execute"}

    def __init__(self, scratch):
        self.session = None
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        said = next(line for line in self.driver.stdout if "successfully on port " in line)
        port = int(said.split("on port ")[1].strip(".\n"))
        self.url = f"http://127.0.0.1:{port}/session"
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,800",
                     f"--user-data-dir={scratch}"]
        options = {"args": arguments, "binary": shutil.which("chromium")}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self.session = self.send("", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def send(self, path, body, method="POST"):
        url = f"{self.url}/{self.session}{path}" if self.session else self.url
        bytes_ = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, bytes_, {"Content-Type": "application/json"}, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def ask(self, command, body):
        taken = command == "TakeScreenshot"
        return self.send(self.PATHS[command], None if taken else body, "GET" if taken else "POST")

    def prefer(self, scheme):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Devtools", {"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}})

    def errors(self):
        return [entry["message"] for entry in self.ask("Log", {"type": "browser"}) if entry["level"] == "SEVERE"]

    def close(self):
        try:
            if self.session:
                self.send("", None, "DELETE")
        finally:
            self.driver.terminate()
            self.driver.wait()


class Firefox(Browser):
    """By the protocol that geckodriver itself speaks with it: LENGTH:[0, number, command, parameters]."""

    def __init__(self, scratch):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with open(os.path.join(scratch, "user.js"), "w", encoding="ascii") as prefs:
            prefs.write(f'user_pref("marionette.port", {port});\n'
                        'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
                        'user_pref("app.update.enabled", false);\n')
        name = shutil.which("firefox-esr") or shutil.which("firefox")
        if not name:
            raise SystemExit("browser: no firefox-esr and no firefox; install one of them")
        self.process = subprocess.Popen([name, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access",
                                         "--width", "1280", "--height", "800", "--profile", scratch],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, "HOME": scratch, "MOZ_CRASHREPORTER_DISABLE": "1"})
        self.number = 0
        self.link = self.connect(port)
        self.receive()
        self.ask("NewSession", {})

    @staticmethod
    def connect(port):
        end = time.monotonic() + 100
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=120)
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def receive(self):
        length = b""
        while not length.endswith(b":"):
            length += self.link.recv(1)
        left, parts = int(length[:-1]), []
        while left:
            parts.append(self.link.recv(left))
            left -= len(parts[-1])
        return json.loads(b"".join(parts))

    def ask(self, command, body, area="WebDriver"):
        self.number += 1
        text = json.dumps([0, self.number, f"{area}:{command}", body]).encode()
        self.link.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self.receive()
        if error:
            raise SystemExit(f"browser: {command}: {error['message']}")
        return result.get("value") if isinstance(result, dict) else result

    def prefer(self, scheme):
        self.ask("SetContext", {"value": "chrome"}, "Marionette")
        self.ask("ExecuteScript", {"script": "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', "
                                             f"{1 if scheme == 'light' else 0})", "args": []})
        self.ask("SetContext", {"value": "content"}, "Marionette")

    def errors(self):
        return []

    def close(self):
        self.process.terminate()
        self.process.wait()


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
    elif word == "picture":
        browser.picture(rest)
    elif word:
        raise SystemExit(f"browser: {word}?")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        browser = (Firefox if os.environ.get("BROWSER") == "firefox" else Chromium)(scratch)
        try:
            page = sys.argv[1]
            browser.ask("Navigate", {"url": page if "://" in page else "file://" + os.path.abspath(page)})
            browser.until("document.documentElement.dataset.ready === 'true'")
            for line in sys.stdin:
                run(browser, line)
            for message in browser.errors():
                raise SystemExit(f"browser: {message}")
        finally:
            browser.close()


main()
