#!/usr/bin/python3
"""A small window to drag files out of, as a file manager does: a real XDND source.

Says on standard output what happens: ready, begin, asked (the target took the list), end ok, end no.
"""

import sys
from pathlib import Path

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk

x, y = int(sys.argv[1]), int(sys.argv[2])
uris = [Path(name).resolve().as_uri() for name in sys.argv[3:]]


def say(text):
    print(text, flush=True)


def give(_widget, _context, data, _info, _time):
    data.set_uris(uris)
    say("asked")




failed = []
window = Gtk.Window(type=Gtk.WindowType.POPUP, title="Files")
area = Gtk.EventBox()
area.add(Gtk.Label(label="\n".join(Path(name).name for name in sys.argv[3:])))
window.add(area)
window.set_default_size(160, 60)
window.move(x, y)
area.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
area.drag_source_add_uri_targets()
area.connect("drag-begin", lambda *_: say("begin"))
area.connect("drag-data-get", give)
area.connect("drag-failed", lambda *_: failed.append(1) or False)
area.connect("drag-end", lambda *_: say("end no" if failed else "end ok"))
window.connect("map-event", lambda *_: say("ready"))
window.connect("destroy", Gtk.main_quit)
window.show_all()
Gtk.main()
