#!/usr/bin/python3
"""Prints what a process shows to a screen reader: one JSON object a line, in reading order."""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

THINGS_MAX = 4000
wanted = int(sys.argv[1])
told = 0


def walk(thing):
    global told
    if thing is None or told >= THINGS_MAX:
        return
    told += 1
    try:
        tell(thing)
    except GLib.GError:
        # It ended while it was read: a page that is loaded anew, a list that changes.
        return


def tell(thing):
    states = thing.get_state_set()
    print(json.dumps({
        "role": thing.get_role_name(),
        "name": thing.get_name() or "",
        "focusable": states.contains(Atspi.StateType.FOCUSABLE),
    }))
    for place in range(thing.get_child_count()):
        walk(thing.get_child_at_index(place))


desktop = Atspi.get_desktop(0)
for place in range(desktop.get_child_count()):
    program = desktop.get_child_at_index(place)
    if program is not None and program.get_process_id() == wanted:
        walk(program)
