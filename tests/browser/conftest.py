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


@pytest.fixture
def look(chromium):
    """Open an address offline in a window of some width, and note what goes wrong."""
    contexts = []

    def open_page(address, *, width=1280, scheme="light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        trouble = []
        page.on("console", lambda message: trouble.append(message.text[-200:]))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: trouble.append(f"dialog {dialog.message}"))
        page.on("requestfailed", lambda request: trouble.append(request.url[:200]))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(("data:", "file:"))
                else trouble.append(request.url[:200])
            ),
        )
        page.goto(address)
        page.evaluate("document.fonts.ready")
        return page, trouble

    yield open_page
    for context in contexts:
        context.close()
