"""The browser of the tests: find Chromium and a Chinese font, install them where that is possible unasked.

Only the tests need it. Where it can be neither found nor installed, they skip with the reason given here.
"""

from __future__ import annotations

import os
import shutil
import sys

from deploy.console import Step, run

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = "chromium"
CHINESE_FONT = "fonts-wqy-zenhei"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""How it is started: without a screen, as root too, and without reaching for the network by itself."""
ADVICE = (
    "no Chromium found: install the package chromium (with a Chinese font such as fonts-wqy-zenhei), "
    "or name one with CHROMIUM=/path/to/chromium"
)


def find_browser() -> str | None:
    """The Chromium to test with: the one named by $CHROMIUM, else the first on PATH that answers.

    It is asked for its version because a distribution may ship a stub under that name.
    """
    named = os.environ.get("CHROMIUM")
    for candidate in (named,) if named else map(shutil.which, NAMES):
        if candidate and run([candidate, "--version"], timeout=30).code == 0:
            return candidate
    return None


def has_chinese_font() -> bool:
    """Whether Chinese can be drawn; where no one can tell, it is taken to be so."""
    listed = run(["fc-list", ":lang=zh"])
    return listed.code != 0 or bool(listed.output.strip())


def missing_packages() -> list[str]:
    """What would have to be installed for pages to be shown, Chinese included."""
    packages = [] if find_browser() else [CHROMIUM]
    return packages if has_chinese_font() and not packages else [*packages, CHINESE_FONT]


def can_install() -> bool:
    """Packages are installed unasked only where nobody has to be asked: as root on Debian or Ubuntu."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """Install the packages; a failure is shown, and the tests go on without a browser."""
    with Step("Browser for the tests") as step:
        step.doing("installing " + ", ".join(packages))
        run(["apt-get", "update"])
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        result = run(["apt-get", "install", "-y", "--no-install-recommends", *packages], env=environ)
        step.outcome = "installed" if result.code == 0 else f"not installed:\n{result.tail}\n"


def main() -> int:
    """Never fails: a machine without a browser can run every other test."""
    packages = missing_packages()
    if packages and can_install():
        install(packages)
    if find_browser() is None:
        print(f"Browser tests will be skipped; {ADVICE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
