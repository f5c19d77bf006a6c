#!/usr/bin/env python3
"""A group with a member behind Kamailio's MSRP relay (RFC 4976), the one MSRP of others that Debian has.

Usage: kamailio_relay_test.py <folder of convened and convene>
"""
import glob
import hashlib
import pathlib
import struct
import sys
import zlib

import lab

FILE_SIZE = 4_000_000
MODULES = glob.glob("/usr/lib/*/kamailio/modules/msrp.so")
PASSWORD = "open sesame"


def start_relay(server, expires=60):
    """Kamailio with our configuration on a free port; waits until it listens."""
    port = lab.free_port()
    relay = server.kamailio("relay", port, ADDRESS=f"127.0.0.1:{port}", PASSWORD=PASSWORD, EXPIRES=expires,
                            MODULES=str(pathlib.Path(MODULES[0]).parent) + "/")
    return relay, port


def picture(size):
    """A PNG of about so many octets, which are not compressed, so that there is an icon to be made."""
    width = 1000
    height = max(1, size // (3 * width))
    rows = b"".join(b"\0" + bytes((x * 7 // 30 + y * (1 + x % 3)) % 256 for x in range(3 * width)) for y in range(height))

    def block(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + block(b"IDAT", zlib.compress(rows, 0)) + block(
        b"IEND", b"")


def client(server, name, command, user, *options):
    return server.start(name, server.programs / "convene", command, "--server", f"{server.host}:{server.tcp}", "--user", user, "--json", *options)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def chat_and_file_through_the_relay(programs):
    """Alice's words and her picture reach Bob behind Kamailio's relay, and Carol without one"""
    with lab.Lab(programs) as server:
        relay, port = start_relay(server)
        inbox = {}
        members = {}
        for user, options in (("bob", ("--msrp-relay", f"127.0.0.1:{port}", "--password", PASSWORD)), ("carol", ())):
            inbox[user] = server.folder / user
            inbox[user].mkdir()
            members[user] = client(server, user, "receive", user, "--save-dir", inbox[user], "--count", 1, "--trace", server.folder / f"{user}.trace",
                                   *options)
            members[user].wait_for(r'"registered"')
        relay.wait_for(r"relay: acts for bob")

        sent = server.folder / "trail.png"
        sent.write_bytes(picture(FILE_SIZE))
        alice = server.start("alice", server.programs / "convene", "chat", "--server", f"{server.host}:{server.tcp}", "--user", "alice", "--json", "--to", "bob",
                             "--to", "carol", "--save-dir", server.folder, input=True)
        for user in members:
            alice.wait_for(rf'"roster".*sip:{user}@ims.example","state":"joined"')
        alice.say("see the trail")
        for member in members.values():
            member.wait_for(r"see the trail")
        alice.say(f"/send {sent}")
        for member in members.values():
            member.wait_for(r'"file_offered".*thumbnail')
        for user, member in members.items():
            member.finish(30)
            received = [path for path in inbox[user].iterdir() if path.suffix == ".png"]
            if [sha256(path) for path in received] != [sha256(sent)]:
                raise lab.Failed(f"{user} received {received}, not the file that was sent")
        alice.say("/quit")
        alice.finish()
        if relay.said(r"could not pass on"):
            raise lab.Failed("the relay could not pass everything on")


def back_through_the_relay(programs):
    """Bob sends a file out of the reach of everybody but the relay, and its answers find him"""
    with lab.Lab(programs) as server:
        _, port = start_relay(server)
        (server.folder / "inbox").mkdir()
        carol = client(server, "carol", "receive", "carol", "--save-dir", server.folder / "inbox", "--count", 1)
        carol.wait_for(r'"registered"')
        sent = server.folder / "song.mp3"
        sent.write_bytes(bytes(range(256)) * 4_000)
        bob = client(server, "bob", "send", "bob", "--to", "carol", "--report", "--msrp-relay", f"127.0.0.1:{port}", "--password", PASSWORD, sent)
        carol.finish(60)
        bob.finish(60)
        if sha256(server.folder / "inbox" / "song.mp3") != sha256(sent):
            raise lab.Failed("carol's file is not bob's")


def wrong_password(programs):
    """A relay that does not know the password is not used"""
    with lab.Lab(programs) as server:
        _, port = start_relay(server)
        bob = client(server, "bob", "receive", "bob", "--msrp-relay", f"127.0.0.1:{port}", "--password", "guessed")
        bob.wait_for(r'"relay_lost","status":401')
        bob.finish(20, expected=3)


def renewal(programs):
    """The path through the relay is renewed before it expires"""
    with lab.Lab(programs) as server:
        relay, port = start_relay(server, expires=2)
        bob = client(server, "bob", "receive", "bob", "--msrp-relay", f"127.0.0.1:{port}", "--password", PASSWORD)
        bob.wait_for(r'"registered"')
        relay.wait_for(r"relay: acts for bob", count=3)
        if bob.said(r"relay_lost"):
            raise lab.Failed("bob lost the relay")


if __name__ == "__main__":
    if not MODULES:
        sys.exit("Kamailio has no MSRP module here")
    sys.exit(lab.run([chat_and_file_through_the_relay, back_through_the_relay, wrong_password, renewal], sys.argv[1]))
