#!/usr/bin/env python3
"""Flow F10: who is no CPM user is reached by way of the ISF, in a group and on a list, over sockets.

Usage: interworking_test.py <folder of convened and convene>
"""
import sys

import lab

GRANDMA = "sip:+4915112345678@ims.example"
SENT_ON = r"6\.5 a message would be sent on"


def with_isf(programs):
    return lab.Lab(programs, f'[interworking]\nstub = true\nlisten = "127.0.0.1:{lab.free_port()}"\nroutes = ["sip:+=sms"]\n'
                             '[registrar]\nenabled = true\nopen = false\n'
                             'users = [{address = "sip:alice@ims.example", password = "secret"}, {address = "sip:bob@ims.example", password = "secret"}]\n')


def convene(server, command, user, *options, input=False):
    return server.start(user, server.programs / "convene", command, "--server", f"{server.host}:{server.tcp}", "--user", user, "--password", "secret", *options, input=input)


def takes_part(programs):
    """She takes part in a group, and is told what is said there"""
    with with_isf(programs) as server:
        alice = convene(server, "chat", "alice", "--to", GRANDMA, input=True)
        alice.wait_for("in the group")
        server.server.wait_for(r"not a CPM subscriber: inviting by the ISF")
        alice.wait_for(r"in the group: \+4915112345678@ims\.example$")
        alice.say("Dinner at six")
        server.server.wait_for(SENT_ON)
        alice.say("/leave")
        alice.finish()


def is_on_a_list(programs):
    """She is on a list: a message reaches her, in pager mode and in large message mode"""
    with with_isf(programs) as server:
        bob = convene(server, "receive", "bob", "--save-dir", server.folder / "bob")
        bob.wait_for("registered")
        for number, text in enumerate(("Dinner at six", "x" * 3000), 1):
            convene(server, "message", "alice", "--list", f"bob,{GRANDMA}", text).finish()
            server.server.wait_for(SENT_ON, count=number)
        bob.wait_for("Dinner at six")


if __name__ == "__main__":
    sys.exit(lab.run([takes_part, is_on_a_list], sys.argv[1]))
