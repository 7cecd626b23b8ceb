"""Prints, as JSON, the commands of the entry-point group that is named: each with its own
options, the spellings of one in one text. Those of its output have a group of their own."""

import importlib.metadata
import json
import sys

commands = {}
for entry in importlib.metadata.entry_points(group=sys.argv[1]):
    parser = entry.load()(None, None).get_parser(entry.name)
    commands[entry.name.replace('_', ' ')] = [
        ' '.join(action.option_strings) for action in parser._optionals._group_actions
        if action.option_strings and action.dest != 'help']
print(json.dumps(commands))
