#!/usr/bin/env python3
"""Our server as the application server of a foreign SIP core: Kamailio registers the users and routes between them and us.

Usage: kamailio_core_test.py <folder of convened and convene>
"""
import hashlib
import os
import pathlib
import sys

import lab

DOMAIN, PASSWORD = "ims.example", "k4m"


def start_core(server, port):
    """Kamailio on `port`, with `server` behind it."""
    return server.kamailio("core", port, DOMAIN=DOMAIN, PORT=port, SERVER=server.tcp, PASSWORD=PASSWORD)


def client(server, port, transport, command, user, *options):
    return server.start(f"convene {command} {user}", server.programs / "convene", command, "--user", user, "--server", f"127.0.0.1:{port}",
                        "--transport", transport, "--domain", DOMAIN, "--password", PASSWORD, "--json", *options)


def server_behind(programs, port, trusted='"127.0.0.1"'):
    """convened without a registrar, as the application server of a core on `port`."""
    sip = f'outbound_proxy = "sip:127.0.0.1:{port};transport=tcp;lr"\ntrusted_peers = [{trusted}]\n'
    return lab.Lab(programs, "[registrar]\nenabled = false\n", sip)


def file_behind(programs, transport):
    port = lab.free_port()
    with server_behind(programs, port) as server:
        core = start_core(server, port)
        photo = server.folder / "photo.bin"
        photo.write_bytes(os.urandom(3_000_000))
        receivers = []
        for user in ("bob", "carol"):
            (server.folder / user).mkdir()
            receivers.append(client(server, port, transport, "receive", user, "--save-dir", server.folder / user, "--count", "1"))
            receivers[-1].wait_for('"registered"')
        sender = client(server, port, transport, "send", "alice", "--to", "bob", "--to", "carol", photo)
        sender.finish()
        core.wait_for("to the conversation server: INVITE sip:conference-factory@")
        for user, receiver in zip(("bob", "carol"), receivers):
            receiver.finish()
            kept = list(pathlib.Path(server.folder / user).iterdir())
            if len(kept) != 1 or digest(kept[0]) != digest(photo):
                raise lab.Failed(f"{user} has {kept}, not the file of alice")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file_behind_over_tcp(programs):
    """a file reaches a group whose members and focus meet in Kamailio, over TCP"""
    file_behind(programs, "tcp")


def file_behind_over_udp(programs):
    """a file reaches a group whose members talk to Kamailio over UDP"""
    file_behind(programs, "udp")


def untrusted_core(programs):
    """what a core asserts that is not in trusted_peers counts for nothing"""
    port = lab.free_port()
    with server_behind(programs, port, trusted="") as server:
        start_core(server, port)
        photo = server.folder / "photo.bin"
        photo.write_bytes(b"nothing")
        sender = client(server, port, "tcp", "send", "alice", "--to", "bob", photo)
        sender.wait_for('"event":"ended".*"status":403')
        server.server.wait_for("6.1 refused: no authenticated originator")


if __name__ == "__main__":
    sys.exit(lab.run([file_behind_over_tcp, file_behind_over_udp, untrusted_core], sys.argv[1]))
