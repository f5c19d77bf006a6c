#!/usr/bin/env python3
"""Groups outlive a server that is killed: what it had acknowledged is there after the next start.

Usage: restart_test.py <folder of convened and convene>
"""
import sys

import lab

ROUNDS = 2


class MortalLab(lab.Lab):
    """A server that can be killed, and started again at the same addresses with the same state."""

    def kill(self):
        self.server.process.kill()  # SIGKILL: nothing can be said or written any more
        self.server.process.wait()
        config = self.folder / "convened.toml"
        text = config.read_text().replace('udp = ["127.0.0.1:0"]', f'udp = ["127.0.0.1:{self.udp}"]')
        config.write_text(text.replace('tcp = ["127.0.0.1:0"]', f'tcp = ["127.0.0.1:{self.tcp}"]'))

    def start_again(self):
        self.server = self.start("convened", self.programs / "convened", "serve", "--config", self.folder / "convened.toml")
        self.server.wait_for(r"^ready ")


def kill(*programs):
    """Those whose server is gone would try to hang up."""
    for one in programs:
        one.process.kill()
        one.process.wait()


def client(server, command, user, *words, **options):
    return server.start(user, server.programs / "convene", command, "--json", "--server", f"127.0.0.1:{server.tcp}", "--user", user, *words, **options)


def member(server, user):
    """Somebody who waits for invitations, and takes them."""
    one = client(server, "chat", user, input=True)
    one.wait_for(r'"registered"')
    return one


def killed_after_creations(programs):
    """A group whose creator was told so is there after kill -9, and is rejoined at its identity"""
    with MortalLab(programs) as server:
        for number in range(ROUNDS):
            bob, carol = member(server, "bob"), member(server, "carol")
            alice = client(server, "chat", "alice", "--to", "bob", "--to", "carol", "--subject", f"Trail {number}", input=True)
            focus = alice.wait_for(r'"joined".*"focus":"([^"]+)"')[1]
            server.kill()
            kill(alice, bob, carol)

            server.start_again()
            bob, carol = member(server, "bob"), member(server, "carol")
            alice = client(server, "chat", "alice", "--join", focus, input=True)
            for one in (bob, carol):
                again = one.wait_for(r'"joined".*"focus":"([^"]+)"')[1]
                if again != focus:
                    raise lab.Failed(f"invited to {again}, not to {focus}")
            for user in ("alice", "bob", "carol"):
                alice.wait_for(f'"roster".*"subject":"Trail {number}".*sip:{user}@')
            kill(alice, bob, carol)


def killed_after_a_leave(programs):
    """Who had left before kill -9 does not get in again, and who had not does"""
    with MortalLab(programs) as server:
        bob, carol = member(server, "bob"), member(server, "carol")
        alice = client(server, "chat", "alice", "--to", "bob", "--to", "carol", input=True)
        focus = alice.wait_for(r'"joined".*"focus":"([^"]+)"')[1]
        carol.wait_for(r'"joined"')
        carol.say("/leave")
        carol.finish()
        server.kill()
        kill(alice, bob)

        server.start_again()
        client(server, "group", "carol", "--join", focus, "--wait", 5).finish(expected=4)
        bob = client(server, "group", "bob", "--join", focus, "--wait", 2)
        bob.wait_for(r'"joined"')
        bob.stop()


def one_at_a_time(programs):
    """A second server does not touch the state of the first"""
    with MortalLab(programs) as server:
        second = server.start("second", server.programs / "convened", "serve", "--config", server.folder / "convened.toml")
        second.finish(expected=1)
        second.wait_for(r"in use by another process")


if __name__ == "__main__":
    sys.exit(lab.run([killed_after_creations, killed_after_a_leave, one_at_a_time], sys.argv[1]))
