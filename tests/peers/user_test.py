#!/usr/bin/env python3
"""What a server keeps of a user, given out and erased, with a look at the disk.

Usage: user_test.py <folder of convened and convene>
"""
import os
import subprocess
import sys

import lab
from restart_test import MortalLab

SETTINGS = '[store]\nkind = "embedded"\n'


def convene(server, *words):
    done = subprocess.run([server.programs / "convene", *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    if done.returncode != 0:
        raise lab.Failed(f"convene {words}: {done.stdout}")
    return done.stdout


def store_something(server, account):
    """By our tests, while the server is down: a conversation with a file of 3 MB, others with messages."""
    for test in ("takes_any_conversation_id", "gives_a_file_back"):
        done = subprocess.run([server.programs.parent / "tests/message_store_test", f"--gtest_filter=MessageStore.*{test}*"], stdout=subprocess.PIPE,
                              env=dict(os.environ, CONVENE_ACCOUNT=account, CONVENE_STATE=str(server.folder / "state")))
        if done.returncode != 0:
            raise lab.Failed(done.stdout.decode())


def files(server):
    return [path for path in (server.folder / "state/store").rglob("*") if path.is_file()]


def expect(holds, what):
    if not holds:
        raise lab.Failed(what)


def erase_and_look(server):
    state = server.folder / "state"
    said = convene(server, "user", "export", "alice", server.folder / "alice", "--state", state)
    expect(said == "13 objects in 7 folders\n", said)
    expect(len(list((server.folder / "alice").rglob("*.eml"))) == 13, "not all is exported")
    expect(len(files(server)) == 1, "one file for both")

    convene(server, "user", "erase", "alice", "--state", state)
    expect(convene(server, "store", "list", "--state", state).split() == ["bob"], "others")
    expect(len(files(server)) == 1, "bob's file is gone")
    convene(server, "user", "erase", "bob", "--state", state)
    expect(not files(server), f"left: {files(server)}")
    expect(convene(server, "store", "list", "--state", state) == "", "somebody")


def while_it_runs(programs):
    """convene user gives out and erases what a running server keeps of a user, and nothing of others"""
    with MortalLab(programs, SETTINGS) as server:
        server.kill()
        store_something(server, "alice")
        store_something(server, "bob")
        server.start_again()
        erase_and_look(server)
        server.server.wait_for("a user is erased")


def while_none_runs(programs):
    """the same without a server"""
    with MortalLab(programs, SETTINGS) as server:
        server.kill()
        store_something(server, "alice")
        store_something(server, "bob")
        erase_and_look(server)


if __name__ == "__main__":
    sys.exit(lab.run([while_it_runs, while_none_runs], sys.argv[1]))
