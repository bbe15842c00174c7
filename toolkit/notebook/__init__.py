"""The facilitator's and the tables' pages in JupyterLab."""
