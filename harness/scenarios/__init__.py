"""What is tried: one module for each theme, one sentence for each scenario.

A scenario asks people into a ``room`` (a fresh server each time), lets them act, and expects. It
declares with ``@covers`` which observations it checks. Adding a theme is one new file and one
line here.
"""

THEMES = (
    *("joining", "names", "speaking", "private", "leaving", "serving", "sending", "keeping"),
    *("threads", "concurrency", "timing", "malformed", "breaking", "typing", "showing"),
    *("reaching", "confiding", "losing", "responding", "together"),
)
