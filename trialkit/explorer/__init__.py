"""One trial, or many, in JupyterLab."""
