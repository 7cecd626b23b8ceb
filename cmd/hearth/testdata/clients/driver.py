"""Runs the unchanged client programs of Debian, each in a child of one warm process.

A request, one line of JSON over a Unix socket, has argv, env, dir and interrupt; the answer
has code, out and err. A program starts as from a shell, in its own process with its own
files, and saves only the time that Python takes to read it: a second or more.
"""

import importlib
import importlib.metadata
import json
import os
import runpy
import signal
import socketserver
import sys
import tempfile
import time
import traceback

# What the clients sleep between two looks at the server is no more than this, in seconds.
LONGEST_SLEEP = 0.05
# A program that is not done after so many seconds ends with TimeoutError.
LONGEST_RUN = 30
# --follow has ended its first look and the next when it is interrupted.
LOOKS_BEFORE_INTERRUPT = 2


def warm():
    """Imports what the programs import, so that a child finds it there."""
    sys.argv = ['/usr/bin/openstack']  # the name that its messages begin with is taken once, too
    shell = importlib.import_module('openstackclient.shell').OpenStackShell()
    for group in importlib.metadata.entry_points().groups:
        if group.startswith('openstack.'):
            shell.command_manager.add_command_group(group)
    # Not muranoclient.shell: it takes its arguments when it is imported.
    for name in ('glanceclient', 'keystoneclient.discover', 'keystoneclient.session', 'muranoclient.osc.plugin',
                 'muranoclient.v1.client', 'muranoclient.v1.shell'):
        importlib.import_module(name)
    # Every command asks first which package it is from; the answer is kept.
    shell.command_manager.find_command(['stack', 'list'])[0](shell, None).get_parser('stack list')


def give_up(signum, frame):
    raise TimeoutError('the program does not end')


def run(request):
    """Runs a program to its end in this process and gives its exit code."""
    os.environ.clear()
    os.environ.update(request['env'])
    os.chdir(request['dir'])
    sleep, looks = time.sleep, 0

    def short(seconds):
        nonlocal looks
        looks += 1
        if request['interrupt'] and looks == LOOKS_BEFORE_INTERRUPT:
            raise KeyboardInterrupt
        sleep(min(seconds, LONGEST_SLEEP))

    time.sleep = short
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST_RUN)
    sys.argv = request['argv']
    try:
        runpy.run_path(sys.argv[0], run_name='__main__')
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


class Handler(socketserver.StreamRequestHandler):
    """Answers one request, in a child."""

    def handle(self):
        request = json.loads(self.rfile.readline())
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            with open(os.devnull) as nothing:
                os.dup2(nothing.fileno(), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            code = run(request)
            sys.stdout.flush()
            sys.stderr.flush()
            texts = []
            for f in (out, err):
                f.seek(0)
                texts.append(f.read().decode())
        answer = {'code': code, 'out': texts[0], 'err': texts[1]}
        self.wfile.write(json.dumps(answer).encode())


class Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    max_children = 64
    request_queue_size = 64


if __name__ == '__main__':
    address = sys.argv[1]
    warm()
    with Server(address, Handler) as server:
        print('ready', flush=True)
        server.serve_forever()
