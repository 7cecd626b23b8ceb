"""Prints, as JSON, the commands of the entry-point group that is named, or of the murano
program: each with its own options, the spellings of one in one text. What openstack puts to
all of its commands has groups of its own."""

import importlib
import importlib.metadata
import json
import sys


def of_murano():
    shell = importlib.import_module('muranoclient.shell').MuranoShell()
    shell.get_subcommand_parser('1', [])
    for name, parser in shell.subcommands.items():
        if name not in ('help', 'bash-completion'):
            yield name, parser


def of_openstack(group):
    for entry in importlib.metadata.entry_points(group=group):
        parser = entry.load()(None, None).get_parser(entry.name)
        yield entry.name.replace('_', ' '), parser


def options(group):
    return [' '.join(action.option_strings) for action in group._group_actions
            if action.option_strings and action.dest != 'help']


commands = of_murano() if sys.argv[1] == 'murano' else of_openstack(sys.argv[1])
print(json.dumps({name: options(parser._optionals) for name, parser in commands}))
