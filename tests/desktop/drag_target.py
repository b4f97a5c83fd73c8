#!/usr/bin/python3
"""A small window to drag files into, as another program: a real XDND target.

Says on standard output what happens, a line each: ready, over (files hang on the pointer above it), and then the paths
it was given as a JSON list.
"""

import json
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gio, Gtk

x, y = int(sys.argv[1]), int(sys.argv[2])


def say(text):
    print(text, flush=True)


def hangs(_widget, context, _x, _y, time):
    Gdk.drag_status(context, Gdk.DragAction.COPY, time)
    say("over")
    return True


def let_go(widget, context, _x, _y, time):
    widget.drag_get_data(context, Gdk.Atom.intern("text/uri-list", False), time)
    return True


def given(_widget, context, _x, _y, data, _info, time):
    Gtk.drag_finish(context, True, False, time)
    say(json.dumps([Gio.File.new_for_uri(uri).get_path() for uri in data.get_uris()]))


window = Gtk.Window(type=Gtk.WindowType.POPUP, title="Desktop")
window.add(Gtk.Label(label="Drop here"))
window.set_default_size(160, 60)
window.move(x, y)
window.drag_dest_set(0, [], Gdk.DragAction.COPY)
window.drag_dest_add_uri_targets()
window.connect("drag-motion", hangs)
window.connect("drag-drop", let_go)
window.connect("drag-data-received", given)
window.connect("map-event", lambda *_: say("ready"))
window.show_all()
Gtk.main()
