"""Settings of the documentation site; `make docs` builds it, warnings are errors."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from trialkit.version import __version__

project = "trialkit"
author = "The trialkit developers"
copyright = author
version = release = __version__

extensions = [
    "myst_parser",  # pages in Markdown
    "sphinx.ext.autodoc",  # the reference from docstrings
    "sphinx.ext.napoleon",  # numpydoc sections, with the types of the annotations
    "made_pages",  # what is made from codebook, vocabularies, commands and notebooks
]
exclude_patterns = ["site"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
default_role = "code"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "trialkit"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
# A summary would be fetched, which a page opened from a disk may not do.
html_show_search_summary = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#0b5478",
        "color-brand-content": "#0b5478",
        "color-brand-visited": "#5b3c88",
    },
    "dark_css_variables": {
        "color-brand-primary": "#8fb8cc",
        "color-brand-content": "#8fb8cc",
        "color-brand-visited": "#c3a8e6",
    },
}
