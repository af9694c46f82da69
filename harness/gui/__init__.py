"""Any Tk window, driven from outside: a screen, its window manager, keys and clicks, what it shows.

Nothing here needs the window's cooperation, its source, or its names: widgets are found by class
and text. Only X11 has what this rests on, Tk's `send`; see send(n).
"""
