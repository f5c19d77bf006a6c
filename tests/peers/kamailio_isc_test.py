#!/usr/bin/env python3
"""The Participating Function as an application server on ISC: Kamailio registers the users and routes each request to it
twice, for who sends it and for who it is for, with P-Served-User and a Route back. RFC 5502, CPM 8.3.

Usage: kamailio_isc_test.py <folder of convened and convene>
"""
import subprocess
import sys

import lab
from deferral_test import queue
from kamailio_core_test import DOMAIN, PASSWORD, client, digest


def behind_core(programs, port):
    """convened without a registrar, with the Participating Function of the users that Kamailio at `port` registers."""
    core = f"sip:127.0.0.1:{port};transport=tcp"
    sip = f'outbound_proxy = "{core};lr"\ntrusted_peers = ["127.0.0.1"]\n'
    participating = (f'[participating]\nenabled = true\noffline_storage = true\ndomains = ["{DOMAIN}"]\n'
                     f'core_route = "{core}"\ndelivery_route = "sip:term@127.0.0.1:{port};transport=tcp"\n'
                     '[store]\nkind = "embedded"\n')
    return lab.Lab(programs, "[registrar]\nenabled = false\n" + participating, sip)


def start_core(server, port):
    return server.example_kamailio("isc", port, CORE_PORT=port, AS_PORT=server.tcp, USER_PASSWORD=PASSWORD)


def stored(server, user, *folder):
    done = subprocess.run([server.programs / "convene", "store", "list", "--state", server.folder / "state", "--user", user, *folder], text=True,
                          stdout=subprocess.PIPE, timeout=30)
    return done.stdout


def file_through_both(programs):
    """a file reaches a group through the services of each user, and each of them has it in the history"""
    port = lab.free_port()
    with behind_core(programs, port) as server:
        core = start_core(server, port)
        photo = server.folder / "photo.bin"
        photo.write_bytes(bytes(range(256)) * 4_000)
        receivers = {}
        for user in ("bob", "carol"):
            (server.folder / user).mkdir()
            receivers[user] = client(server, port, "tcp", "receive", user, "--save-dir", server.folder / user, "--count", "1")
            receivers[user].wait_for('"registered"')
        client(server, port, "tcp", "send", "alice", "--to", "bob", "--to", "carol", photo).finish()
        core.wait_for("to the conversation server: INVITE sip:conference-factory@")
        for user, receiver in receivers.items():
            receiver.finish()
            kept = list((server.folder / user).iterdir())
            if len(kept) != 1 or digest(kept[0]) != digest(photo):
                raise lab.Failed(f"{user} has {kept}, not the file of alice")
        # The last BYEs are under way.
        server.server.wait_for("6.8 session released")
        server.server.stop()
        for user in ("alice", "bob", "carol"):
            folder = stored(server, user).split("  ")[0]
            objects = stored(server, user, folder)
            if "Application/X-CPM-Session" not in objects or "multipart/related" not in objects:
                raise lab.Failed(f"{user} has no history of it: {objects}")


def message_for_who_is_away(programs):
    """a message for a user whom the core calls unregistered waits until the third-party REGISTER, and its report finds back"""
    port = lab.free_port()
    with behind_core(programs, port) as server:
        core = start_core(server, port)
        alice = client(server, port, "tcp", "message", "alice", "--to", "bob", "--report", "are you there?")
        core.wait_for("somebody who is away: MESSAGE sip:bob@")
        bob = client(server, port, "tcp", "chat", "bob")
        bob.wait_for("are you there")
        server.server.wait_for("a deferred message is delivered")
        alice.wait_for('"event":"delivery_report".*"delivered"')
        alice.finish()
        if queue(server):
            raise lab.Failed(f"the queue is {queue(server)}")


if __name__ == "__main__":
    sys.exit(lab.run([file_through_both, message_for_who_is_away], sys.argv[1]))
