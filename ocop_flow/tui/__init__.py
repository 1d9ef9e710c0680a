"""The interactive mode ``ocop work``: screens over the same use cases as the commands, by keyboard alone.

Nothing is decided here. A screen reads through ``Bench.read``, tries and records through the path of every write of the
command line, and shows what came back.
"""
