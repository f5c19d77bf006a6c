#!/usr/bin/env python3
"""Messages and files for a user who is away survive kill -9 of the server, and are delivered when the user comes.

Usage: deferral_test.py <folder of convened and convene>
"""
import random
import subprocess
import sys

import lab
from restart_test import MortalLab, client, kill, member

SETTINGS = "[participating]\nenabled = true\n"


def expect(holds, what):
    if not holds:
        raise lab.Failed(what)


def queue(server):
    done = subprocess.run([server.programs / "convene", "queue", "--state", server.folder / "state"], text=True, stdout=subprocess.PIPE, timeout=30)
    return done.stdout.splitlines()


def say(server, text):
    client(server, "message", "alice", "--to", "bob", text).finish()


def killed_with_messages_waiting(programs):
    """what was accepted for bob is there after kill -9, in its order and once, and then it is gone"""
    with MortalLab(programs, SETTINGS) as server:
        say(server, "number-1")
        say(server, "number-2")
        server.kill()
        expect(len(queue(server)) == 2, queue(server))
        server.start_again()
        say(server, "number-3")
        expect(all("sip:bob@ims.example" in line for line in queue(server)), queue(server))

        bob = member(server, "bob")
        bob.wait_for("number-3")
        seen = [number for line in bob.lines for number in ("number-1", "number-2", "number-3") if number in line]
        expect(seen == ["number-1", "number-2", "number-3"], bob.lines)
        server.server.wait_for("a deferred message is delivered", count=3)
        kill(bob)
        server.kill()
        expect(queue(server) == [], queue(server))


def killed_with_a_file_waiting(programs):
    """R3.3: a file that was accepted for bob is there after kill -9, comes to him once and as it was, and its sender hears so"""
    with MortalLab(programs, SETTINGS) as server:
        octets = random.Random(1).randbytes(300_000)
        (server.folder / "walk.bin").write_bytes(octets)
        alice = client(server, "send", "alice", "--with", "bob", "--report", server.folder / "walk.bin")
        alice.wait_for(r'"file_sent"')
        server.kill()
        kill(alice)
        waiting = queue(server)
        expect(len(waiting) == 1 and "  file  from sip:alice@ims.example" in waiting[0], waiting)
        server.start_again()

        alice = member(server, "alice")
        alice.wait_for(r'"registered"')
        bob = client(server, "receive", "bob", "--save-dir", server.folder / "bob", "--count", "1")
        bob.finish()
        kept = list((server.folder / "bob").iterdir())
        expect(len(kept) == 1 and kept[0].read_bytes() == octets, kept)
        server.server.wait_for("a deferred .* is delivered")
        expect("<delivered/>" in (server.folder / "trace.txt").read_text(errors="replace"), "no report")
        kill(alice)
        server.kill()
        expect(queue(server) == [], queue(server))
        expect(not [path for path in (server.folder / "state").rglob("*") if path.is_file() and path.stat().st_size == len(octets)], "the file is there still")


if __name__ == "__main__":
    sys.exit(lab.run([killed_with_messages_waiting, killed_with_a_file_waiting], sys.argv[1]))
