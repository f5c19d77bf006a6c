#!/usr/bin/env python3
"""Sessions between two users, one of whom is SIPp.

Usage: sipp_one_to_one_test.py <folder of convened and convene>
"""
import re
import socket
import sys
import threading

import lab


class MsrpPeer:
    """Listens for one MSRP connection, answers every SEND with 200, and keeps what was said."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.said = self.listener.getsockname()[1], ""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        connection, _ = self.listener.accept()
        buffer = ""
        while octets := connection.recv(65536):
            buffer += octets.decode(errors="replace")
            while frame := re.match(r"MSRP (\S+) SEND\r\nTo-Path: (\S+)\r\nFrom-Path: (\S+)\r\n(.*?)-------\1[$+#]\r\n", buffer, re.S):
                buffer = buffer[frame.end():]
                self.said += frame[4]
                connection.sendall(f"MSRP {frame[1]} 200 OK\r\nTo-Path: {frame[3]}\r\nFrom-Path: {frame[2]}\r\n-------{frame[1]}$\r\n".encode())


def client(server, user, *options):
    return server.start(f"convene chat {user}", server.programs / "convene", "chat", "--user", user, "--server", f"127.0.0.1:{server.tcp}",
                        "--domain", "ims.example", "--json", *options, input=True)


def called_over(programs, transport):
    with lab.Lab(programs) as server:
        bob = client(server, "bob")
        bob.wait_for('"registered"')
        caller = server.sipp("caller", "frank", "-key", "called", "bob", transport=transport)
        caller.finish()
        bob.wait_for(r'"joined"')
        bob.wait_for(r'"ended".*"closed"')
        bob.finish()


def called_over_udp(programs):
    """SIPp talks with our client, and hangs up, over UDP"""
    called_over(programs, "udp")


def called_over_tcp(programs):
    """SIPp talks with our client, and hangs up, over TCP"""
    called_over(programs, "tcp")


def calls(programs):
    """our client talks with SIPp, says something over MSRP, and leaves"""
    with lab.Lab(programs) as server:
        port, media = lab.free_port(), MsrpPeer()
        server.sipp("register", "erin", port=port).finish()
        callee = server.sipp("callee", "erin", "-key", "msrp", media.port, port=port)
        alice = client(server, "alice", "--with", "erin")
        alice.wait_for('"joined"')
        alice.say("Shall we start earlier?")
        alice.wait_for('"chat_sent"')
        alice.say("/leave")
        callee.finish()
        alice.finish()
        if "Shall we start earlier?" not in media.said or "To: <sip:erin@ims.example>" not in media.said:
            raise lab.Failed(f"what came by MSRP: {media.said}")


if __name__ == "__main__":
    sys.exit(lab.run([called_over_udp, called_over_tcp, calls], sys.argv[1]))
