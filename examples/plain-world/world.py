"""A world without rules: notes that agents write and read."""
import re, sys
from praxis_world import InvalidArguments, Refused, World, serve, skill

class Notes(World):
    name, version, summary = "notes", "1", "Notes, which have a name and a text."
    skills = [
        skill("write", "Writes a note. Its name is one word in small letters.", "reversible", name="string", text="string"),
        skill("read", "Tells the text of a note.", "pure", name="string"),
    ]
    scenarios = {"empty": ("Greet, and take leave", "(and (note hello) (note goodbye))")}

    def open(self, scenario, seed):
        return {}  # what a session holds: texts by name

    def facts(self, notes):
        return [f"(note {name})" for name in notes]

    def do_write(self, notes, name, text):
        if not re.fullmatch("[a-z0-9-]+", name):  # it becomes a word of a fact
            raise InvalidArguments("the name of a note is one word in small letters")
        notes[name] = text
        return "written"

    def do_read(self, notes, name):
        if name not in notes:
            raise Refused(f"there is no note {name}")
        return notes[name]

serve(Notes(), sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:50062")
