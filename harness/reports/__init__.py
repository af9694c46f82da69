"""What a run says, drawn several ways from one model: the numbers are the same everywhere.

``build`` makes the model from the results, ``write`` keeps it in a folder, ``console`` shows it
while it grows. Adding a kind of file is one new module and one line in ``write.RENDERERS``.
"""
