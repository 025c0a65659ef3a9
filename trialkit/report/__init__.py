"""From a notebook and parameters to an executed notebook, HTML and PDF."""
