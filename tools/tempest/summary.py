"""Counts results (subunit on standard input) and fails when a required test has not passed.

summary.py DIR RUN ALL: DIR has required.txt and excluded.txt; RUN and ALL are lists of the
tests that were to run and that the plugin has.
"""
import collections
import pathlib
import sys

import subunit
import testtools


def tests(path):
    lines = (line.strip() for line in pathlib.Path(path).read_text().splitlines())
    return [line for line in lines if line and not line.startswith('#')]


def results():
    """The status of every test; of one that ran twice the worse."""
    seen = {}

    def note(test):
        if test['id'] not in seen or seen[test['id']] == 'success':
            seen[test['id']] = test['status']

    stream = testtools.StreamToDict(note)
    stream.startTestRun()
    subunit.ByteStreamToStreamResult(sys.stdin.buffer, non_subunit_name='stdout').run(stream)
    stream.stopTestRun()
    return seen


here, run, everything = sys.argv[1:]
seen = results()
state = {test: seen.get(test, 'not run') for test in tests(run)}
counts = collections.Counter(state.values())
passed, skipped = counts['success'], counts['skip']
bad = sorted(test for test, status in state.items() if status != 'success')
known = set(tests(here + '/required.txt')) | set(tests(here + '/excluded.txt'))
stray = sorted(set(tests(everything)) ^ known)

print(f'{passed} passed, {len(bad) - skipped} failed, {skipped} skipped')
for test in bad:
    print(f'{state[test]}: {test}')
for test in stray:
    print(f'neither required nor excluded, or not in the plugin: {test}')
sys.exit(1 if bad or stray or not state else 0)
