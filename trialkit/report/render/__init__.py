"""An executed notebook to HTML and PDF."""
