"""Processes that a test has started or made others start."""

import os
import sys

import psutil
import pytest

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither groups of processes nor SIGKILL")


def started_by(pid, word):
    """Ids of the processes that a process has started, and those that they have, whose command has a word in it."""
    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [child.pid for child in children if _says(child, word)]


def in_group(group, word):
    """Ids of the processes of a group whose command has a word in it."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and _says(process, word):
                found.append(process.pid)
        except OSError:  # it has ended meanwhile
            continue
    return found


def is_alive(pid):
    """Whether a process computes: one that has ended, and was not yet asked how, is still listed."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _says(process, word):
    try:
        return word in " ".join(process.cmdline())
    except psutil.Error:  # it has ended meanwhile, or belongs to somebody else
        return False
