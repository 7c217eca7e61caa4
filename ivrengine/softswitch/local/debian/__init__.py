"""Debian packages without root: found, downloaded and unpacked into a folder of one's own.

Only the standard library is used here, because the very first ``make run`` needs these modules
before there is a virtual environment.
"""
