#!/usr/bin/env python3
"""`convene chat` on a terminal, as people have it: what they type, what they see, and how it ends.

Usage: terminal_test.py <folder of convened and convene>
"""
import os
import pathlib
import pty
import re
import select
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "peers"))
import lab  # noqa: E402

CTRL_C = "\x03"


class Terminal:
    """A program on a pseudo terminal."""

    def __init__(self, *command):
        self.command, self.seen, self.looked = command, "", 0
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm"
            os.execv(command[0], [str(word) for word in command])

    def read(self, seconds):
        """What there is to see; nothing any more: the program has gone."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return True
        try:
            octets = os.read(self.terminal, 65536)
        except OSError:
            octets = b""
        self.seen += octets.decode(errors="replace")
        return bool(octets)

    def wait_for(self, pattern, seconds=20):
        """Sees the pattern after what was seen before."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen[self.looked:])):
            if not self.read(0.1) or time.monotonic() > end:
                raise lab.Failed(f"{self.command} never showed {pattern!r} in:\n{self.seen[self.looked:]!r}")
        self.looked += found.end()
        return found

    def type(self, text):
        os.write(self.terminal, text.encode())

    def finish(self, expected, seconds=20):
        end = time.monotonic() + seconds
        while self.read(0.1):
            if time.monotonic() > end:
                self.stop()
                raise lab.Failed(f"{self.command} did not end:\n{self.seen}")
        _, status = os.waitpid(self.pid, 0)
        if os.waitstatus_to_exitcode(status) != expected:
            raise lab.Failed(f"{self.command} ended with {os.waitstatus_to_exitcode(status)}:\n{self.seen}")
        os.close(self.terminal)
        # The shell's own prompt comes next: on a line of its own.
        if not re.search(r"(^|\n|\x1b\[K)$", self.seen):
            raise lab.Failed(f"{self.command} left the line unfinished: {self.seen[-80:]!r}")

    def stop(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


def chat(server, user, *options):
    return Terminal(server.programs / "convene", "chat", "--server", f"{server.host}:{server.tcp}", "--user", user, *options)


def two_in_a_group(server):
    bob = chat(server, "bob", "--save-dir", server.folder)
    bob.wait_for("waiting for an invitation")
    alice = chat(server, "alice", "--to", "bob")
    for one in (alice, bob):
        one.wait_for(r"in the group: \w+@ims.example\r\n> ")
    return alice, bob


def talk(programs):
    """People talk, send a file, mistype, and leave"""
    with lab.Lab(programs) as server:
        alice, bob = two_in_a_group(server)
        alice.type("hello\n")
        bob.wait_for(r"alice@ims.example: hello\r\n> ")
        alice.wait_for(r"delivered\r\n> ")
        for mistake, complaint in (("/nope", "no such command"), ("/send", "/send wants a file"), ("/send /nowhere", "No such file"), ("/accept 9", "no such transfer")):
            alice.type(mistake + "\n")
            alice.wait_for(complaint + r"[^\r\n]*\r\n> $")
        alice.type(f"/send {__file__}\n")
        number = bob.wait_for(r"/accept (\d+) or /decline \d+\r\n> ")[1]
        bob.type(f"/accept {number}\n")
        bob.wait_for("saved as")
        alice.wait_for(r"sent\r\n")
        bob.type("/leave\n")
        bob.finish(0)
        alice.type(CTRL_C)
        alice.finish(130)
        if "> > " in alice.seen:
            raise lab.Failed(f"two prompts in a line: {alice.seen!r}")
        if (server.folder / pathlib.Path(__file__).name).read_bytes() != pathlib.Path(__file__).read_bytes():
            raise lab.Failed("the file is not the one that was sent")


def mistypes(one, *mistakes):
    for mistake, complaint in mistakes:
        one.type(mistake + "\n")
        one.wait_for(complaint + r"[^\r\n]*\r\n> ")  # something else may happen meanwhile


def comes_back(programs):
    """Somebody goes, comes back, and begins the group anew; and says so at the wrong time"""
    with lab.Lab(programs) as server:
        alice, bob = two_in_a_group(server)
        mistypes(alice, ("/rejoin", "not ended"), ("/restart", "not ended"), ("/rejoin bob", "/rejoin stands alone"), ("/restart bob", "/restart stands alone"))
        for word in ("/rejoin", "/restart"):
            alice.type("/disconnect\n")
            alice.wait_for(r"ended: disconnected")
            alice.wait_for(r"/rejoin, /restart, /quit\r\n> ")
            mistypes(alice, ("anybody there?", "convene: "), ("/disconnect", "convene: "))
            alice.type(word + "\n")
            alice.wait_for(r"in the group: \w+@ims.example\r\n")
            alice.type(f"back by {word}\n")
            bob.wait_for(f"alice@ims.example: back by {word}")
        alice.type("/leave\n")
        alice.finish(0)
        bob.type("/quit\n")
        bob.finish(0)


def talks_to_one(programs):
    """Two talk, one asks the other for a file, and both of them mistype"""
    with lab.Lab(programs) as server:
        bob = chat(server, "bob", "--save-dir", server.folder)
        bob.wait_for("waiting for an invitation")
        alice = chat(server, "alice", "--with", "bob")
        for one in (alice, bob):
            one.wait_for(r"\r\n> ")
        alice.type("hello\n")
        bob.wait_for(r"alice@ims.example: hello\r\n> ")
        alice.wait_for(r"delivered\r\n> ")
        mistypes(alice, ("/ask", "/ask wants the name"), ("/give", "/give wants a number and a file"), ("/give 9 " + __file__, "no such transfer"),
                 ("/decline 9", "no such transfer"), ("/remove bob", "convene: "), ("/nick Al", "convene: "), ("/add", "/add wants a name"), ("/rejoin", "not ended"))
        name = pathlib.Path(__file__).name
        bob.type(f"/ask {name}\n")
        number = alice.wait_for(r"/give (\d+) FILE or /decline \d+\r\n> ")[1]
        mistypes(alice, (f"/give {number} /nowhere", "No such file"), (f"/give {number} {sys.executable}", "not the file that is wanted"))
        alice.type(f"/give {number} {__file__}\n")
        bob.wait_for("saved as")
        bob.type("/ask nothing.txt\n")
        number = alice.wait_for(r"/give (\d+) FILE or /decline \d+\r\n> ")[1]
        alice.type(f"/decline {number}\n")
        bob.wait_for(r"failed[^\r\n]*\r\n> ")
        alice.type("/disconnect\n")
        for one in (alice, bob):
            one.finish(0)


def grows(programs):
    """Two who talk make a group of it"""
    with lab.Lab(programs) as server:
        bob, carol = (chat(server, name) for name in ("bob", "carol"))
        for one in (bob, carol):
            one.wait_for("waiting for an invitation")
        alice = chat(server, "alice", "--with", "bob")
        for one in (alice, bob):
            one.wait_for(r"\r\n> ")
        alice.type("/add carol\n")
        carol.wait_for(r"\r\n> ")
        alice.wait_for(r"in the group: \w+@ims.example")
        alice.type("welcome\n")
        for one in (bob, carol):
            one.wait_for("alice@ims.example: welcome")
        for one in (carol, bob, alice):
            one.type("/leave\n")
            one.finish(0)


def reports_by_recipient(programs):
    """What became of a file and of a message at each of a list"""
    with lab.Lab(programs) as server:
        bob = server.start("bob", server.programs / "convene", "receive", "--server", f"{server.host}:{server.tcp}", "--user", "bob", "--save-dir", server.folder / "bob")
        bob.wait_for("registered")
        for what in (("send", "--list", "bob,carol", __file__), ("message", "--list", "bob,carol", "Dinner at six")):
            alice = server.start("alice", server.programs / "convene", *what[:1], "--server", f"{server.host}:{server.tcp}", "--user", "alice", "--report", *what[1:])
            alice.wait_for(r"^ +bob@ims.example    delivered  after \d+\.\d s$")
            alice.wait_for(r"^ +carol@ims.example  failed     after \d+\.\d s$")
            alice.finish()
        if (server.folder / "bob" / pathlib.Path(__file__).name).read_bytes() != pathlib.Path(__file__).read_bytes():
            raise lab.Failed("the file is not the one that was sent")


def misused(programs):
    """Options that make no sense are told before anything is done"""
    with lab.Lab(programs) as server:
        for words, complaint in ((["send", __file__], "to whom"), (["send", "--list", "bob,,carol", __file__], "empty name"), (["send", "--list", "bob", "--to", "carol", __file__], "excludes"),
                                 (["send", "--list", "bob", "--with", "carol", __file__], "excludes"), (["send", "--list", "bob"], "files is required"),
                                 (["send", "--list", "bob", "/nowhere"], "does not exist"), (["message", "hello"], "to whom")):
            alice = server.start("alice", server.programs / "convene", words[0], "--server", f"{server.host}:{server.tcp}", "--user", "alice", *words[1:])
            alice.wait_for(complaint)
            alice.finish(expected=2)


def server_dies(programs):
    """The server dies: everybody is told, and the terminal is free again"""
    with lab.Lab(programs) as server:
        alice, bob = two_in_a_group(server)
        server.server.process.kill()
        for one in (alice, bob):
            one.wait_for("ended: disconnected")
            one.finish(0)


if __name__ == "__main__":
    sys.exit(lab.run([talk, comes_back, talks_to_one, grows, reports_by_recipient, misused, server_dies], sys.argv[1]))
