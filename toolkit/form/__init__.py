"""The worksheet form, one front-end module for two hosts."""
