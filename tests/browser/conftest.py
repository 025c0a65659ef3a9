"""A real browser without a network, for every test of a page."""

import shutil

import pytest


@pytest.fixture(scope="module")
def chromium():
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        # A container's root user cannot have Chromium's sandbox.
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


class _Window:
    """A page offline that shows one address after the other, and what went wrong."""

    def __init__(self, context):
        context.set_offline(True)
        self.page = context.new_page()
        self.trouble = []
        note = self.trouble.append
        self.page.on("console", lambda message: note(message.text[-200:]))
        self.page.on("pageerror", lambda error: note(str(error)))
        self.page.on("dialog", lambda dialog: note(f"dialog {dialog.message}"))
        self.page.on("requestfailed", lambda request: note(request.url[:200]))
        self.page.on("request", self._asked)

    def _asked(self, request):
        if not request.url.startswith(("data:", "file:")):
            self.trouble.append(request.url[:200])

    def show(self, address, width, scheme):
        # From a blank page, as a new one would: a part after # alone loads nothing.
        self.page.goto("about:blank")
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(media="null", color_scheme=scheme)
        self.trouble.clear()
        self.page.goto(address)
        self.page.evaluate("document.fonts.ready")


@pytest.fixture(scope="module")
def _windows(chromium):
    """The windows of a module: a new one costs more than most tests in it."""
    made = []
    yield made
    for window in made:
        window.page.context.close()


@pytest.fixture
def look(chromium, _windows):
    """Open an address offline in a window of some width, and note what goes wrong.

    What one test opens stays open beside the next that it opens.
    """
    opened = 0

    def open_page(address, *, width=1280, scheme="light"):
        nonlocal opened
        if opened == len(_windows):
            _windows.append(_Window(chromium.new_context()))
        window = _windows[opened]
        opened += 1
        window.show(address, width, scheme)
        return window.page, window.trouble

    return open_page
