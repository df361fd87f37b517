"""The lessons as maintainers see them: sources, notebooks, runs, rules, their map.

Nothing is imported here: the commands above start at once, and import what they need.
"""
