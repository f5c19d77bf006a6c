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


def server_dies(programs):
    """The server dies: everybody is told, and the terminal is free again"""
    with lab.Lab(programs) as server:
        alice, bob = two_in_a_group(server)
        server.server.process.kill()
        for one in (alice, bob):
            one.wait_for("ended: disconnected")
            one.finish(0)


if __name__ == "__main__":
    sys.exit(lab.run([talk, server_dies], sys.argv[1]))
