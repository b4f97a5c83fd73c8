"""What a full desktop has beside windows: it shows notifications and icons in a tray. Says in lines of JSON what it is
given, and does over the bus what a person would do: click a notification, choose an entry of a tray icon's menu."""

import json
import sys

from gi.repository import Gio, GLib

NOTICES = """<node><interface name='org.freedesktop.Notifications'>
<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>
<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>
<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/></method>
<method name='CloseNotification'><arg type='u' direction='in'/></method>
<method name='GetCapabilities'><arg type='as' direction='out'/></method>
<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' direction='out'/>
<arg type='s' direction='out'/><arg type='s' direction='out'/></method>
<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>
<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal></interface></node>"""
WATCHER = """<node><interface name='org.kde.StatusNotifierWatcher'>
<method name='RegisterStatusNotifierItem'><arg type='s' direction='in'/></method>
<method name='RegisterStatusNotifierHost'><arg type='s' direction='in'/></method>
<property name='RegisteredStatusNotifierItems' type='as' access='read'/>
<property name='IsStatusNotifierHostRegistered' type='b' access='read'/>
<property name='ProtocolVersion' type='i' access='read'/>
<signal name='StatusNotifierItemRegistered'><arg type='s'/></signal>
<signal name='StatusNotifierHostRegistered'/></interface></node>"""
PERSON = """<node><interface name='app.pod.Test'>
<method name='Click'><arg type='u' direction='in'/></method>
<method name='Choose'><arg type='s' direction='in'/></method>
<method name='Labels'><arg type='as' direction='out'/></method>
<method name='Icon'><arg type='s' direction='out'/></method></interface></node>"""
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"

bus = Gio.bus_get_sync(Gio.BusType.SESSION)
items = []
last = 0


def say(**what):
    print(json.dumps(what), flush=True)


def ask(item, place, interface, method, arguments, answer):
    kind = GLib.VariantType(answer) if answer else None
    return bus.call_sync(item, place, interface, method, arguments, kind, Gio.DBusCallFlags.NONE, 5000)


def item_property(name):
    item, place = items[-1]
    question = GLib.Variant("(ss)", (ITEM, name))
    return ask(item, place, "org.freedesktop.DBus.Properties", "Get", question, "(v)").unpack()[0]


def entries():
    item, _ = items[-1]
    place = item_property("Menu")
    ask(item, place, MENU, "AboutToShow", GLib.Variant("(i)", (0,)), "(b)")
    question = GLib.Variant("(iias)", (0, -1, []))
    _, (_, _, children) = ask(item, place, MENU, "GetLayout", question, "(u(ia{sv}av))").unpack()
    return place, [(number, about.get("label", "")) for number, about, _ in children]


def choose(label):
    place, found = entries()
    number = next(number for number, text in found if text.replace("_", "") == label)
    event = GLib.Variant("(isvu)", (number, "clicked", GLib.Variant("i", 0), 0))
    ask(items[-1][0], place, MENU, "Event", event, None)


def called(_bus, sender, _place, _interface, method, arguments, invocation):
    global last
    given = arguments.unpack()
    answer = None
    if method == "Notify":
        last += 1
        say(notice=last, title=given[3], body=given[4], actions=given[5])
        answer = GLib.Variant("(u)", (last,))
    elif method == "CloseNotification":
        say(closed=given[0])
        gone = GLib.Variant("(uu)", (given[0], 3))
        bus.emit_signal(None, "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "NotificationClosed", gone)
    elif method == "GetCapabilities":
        answer = GLib.Variant("(as)", (["body", "actions"],))
    elif method == "GetServerInformation":
        answer = GLib.Variant("(ssss)", ("desk", "Pod's tests", "1", "1.2"))
    elif method == "RegisterStatusNotifierItem":
        place = given[0] if given[0].startswith("/") else "/StatusNotifierItem"
        items.append((sender if given[0].startswith("/") else given[0], place))
        say(tray=items[-1])
    elif method == "Click":
        place = "/org/freedesktop/Notifications"
        emit = lambda name, *what: bus.emit_signal(None, place, "org.freedesktop.Notifications", name, *what)
        emit("ActionInvoked", GLib.Variant("(us)", (given[0], "default")))
        emit("NotificationClosed", GLib.Variant("(uu)", (given[0], 2)))
    elif method == "Choose":
        choose(given[0])
    elif method == "Labels":
        answer = GLib.Variant("(as)", ([label for _, label in entries()[1] if label],))
    elif method == "Icon":
        answer = GLib.Variant("(s)", (item_property("IconName"),))
    invocation.return_value(answer)


def read(_bus, _sender, _place, _interface, name):
    return {
        "RegisteredStatusNotifierItems": GLib.Variant("as", [item + place for item, place in items]),
        "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
        "ProtocolVersion": GLib.Variant("i", 0),
    }[name]


def offer(name, place, xml):
    bus.register_object(place, Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0], called, read, None)
    Gio.bus_own_name_on_connection(bus, name, Gio.BusNameOwnerFlags.NONE, None, lambda *_: sys.exit(name))


def launcher(_bus, _sender, _place, _interface, _name, arguments, *_):
    entry, what = arguments.unpack()
    say(entry=entry, count=what["count"], visible=what["count-visible"])


LAUNCHER = "com.canonical.Unity.LauncherEntry"
bus.signal_subscribe(None, LAUNCHER, "Update", None, None, Gio.DBusSignalFlags.NONE, launcher)
offer("org.freedesktop.Notifications", "/org/freedesktop/Notifications", NOTICES)
if "--tray" in sys.argv:
    offer("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher", WATCHER)
offer("app.pod.Test", "/test", PERSON)
GLib.idle_add(lambda: say(ready=True))
GLib.MainLoop().run()
