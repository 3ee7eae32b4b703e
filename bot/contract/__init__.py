"""What gateway, brain and actions say to each other, typed once and checked where it is read; and the reserved names.

`docs/reference/turn.md` describes it for people. A field that a newer part added is left out by an older one; a field
that is missing or of another type is an error that names the field.
"""
