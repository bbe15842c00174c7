"""The worksheet form: one front-end module for two hosts (form.js, form.css), and its host in a notebook."""

from toolkit.form.form import CSS, ESM, Colleagues, Form

__all__ = ["CSS", "ESM", "Colleagues", "Form"]
