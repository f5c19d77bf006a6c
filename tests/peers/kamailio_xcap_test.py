#!/usr/bin/env python3
"""Pre-defined groups whose documents are fetched from a real XDM server: Kamailio's xcap_server.

Usage: kamailio_xcap_test.py <folder of convened and convene>
"""
import pathlib
import sqlite3
import sys
import time
import urllib.error
import urllib.request

import lab

GROUP = "sip:hikers@groups.ims.example"
TABLES = pathlib.Path("/usr/share/kamailio/db_sqlite")


def document(members, uri=GROUP, subject="Trails"):
    entries = "".join(f'<entry uri="sip:{member}@ims.example"/>' for member in members)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<group xmlns="urn:oma:xml:poc:list-service">'
            f'<list-service uri="{uri}"><subject>{subject}</subject><list>{entries}</list></list-service></group>')


class Xdms:
    """Kamailio as XDM server, in the folder of `server`. Its AUIDs are those it knows: group documents stand among its resource lists."""

    def __init__(self, server, port):
        self.port, self.server = port, server
        self.database = server.folder / "xcap.sqlite"
        with sqlite3.connect(self.database) as tables:
            for script in ("standard-create.sql", "presence-create.sql"):
                tables.executescript((TABLES / script).read_text())
        self.start()

    def start(self):
        self.program = self.server.kamailio("xcap", self.port, PORT=self.port, DATABASE=self.database)

    def put(self, text, group="sip%3Ahikers%40groups.ims.example"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/xcap-root/resource-lists/users/{group}/index", text.encode(),
                                         {"Content-Type": "application/resource-lists+xml"}, method="PUT")
        with urllib.request.urlopen(request, timeout=10) as answer:
            if answer.status not in (200, 201):
                raise lab.Failed(f"PUT: {answer.status}")


def server_with_groups(programs, port):
    return lab.Lab(programs, '[predefined_groups]\n'
                   f'xcap = "http://127.0.0.1:{port}/xcap-root/resource-lists/users/{{group}}/index"\n'
                   'hosts = ["groups.ims.example"]\nfresh = 1\nabsent = 1\nxcap_timeout = 3\n')


def client(server, command, user, *options):
    return server.start(f"convene {command} {user}", server.programs / "convene", command, "--user", user, "--server", f"127.0.0.1:{server.tcp}",
                        "--json", *options)


def group_by_its_address(programs):
    """an INVITE to a group's address invites the members that its document on Kamailio names, and nobody else comes in"""
    port = lab.free_port()
    with server_with_groups(programs, port) as server:
        xdms = Xdms(server, port)
        xdms.put(document(["alice", "bob"]))
        bob = client(server, "group", "bob", "--join", GROUP, "--stay")
        bob.wait_for('"event":"joined".*grp-')
        xdms.program.wait_for(r"xcap: GET /xcap-root/resource-lists/users/sip%3Ahikers%40groups.ims.example/index")
        alice = client(server, "group", "alice", "--join", GROUP, "--stay")
        alice.wait_for('"event":"joined".*grp-')
        bob.wait_for('"event":"roster".*"subject":"Trails".*alice@ims.example","state":"joined"')
        mallory = client(server, "group", "mallory", "--join", GROUP)
        mallory.wait_for('"event":"ended".*"status":403')


def messages_to_the_group(programs):
    """a message to a group's address, of either mode, reaches its members"""
    port = lab.free_port()
    with server_with_groups(programs, port) as server:
        Xdms(server, port).put(document(["alice", "bob"]))
        bob = client(server, "receive", "bob", "--save-dir", server.folder / "bob")
        bob.wait_for('"registered"')
        client(server, "message", "alice", "--to", GROUP, "Lunch?").finish()
        bob.wait_for(f'"event":"chat_received".*alice@ims.example.*"group_address":"{GROUP}".*"text":"Lunch[?]"')
        client(server, "message", "alice", "--to", GROUP, "x" * 5000).finish()
        bob.wait_for('"event":"chat_received".*"text":"x{5000}"')
        unknown = client(server, "message", "alice", "--to", "sip:nobody@groups.ims.example", "Hello")
        unknown.wait_for('"event":"chat_failed".*"status":404')


def documents_that_change(programs):
    """a document is asked for again by its ETag, and its newest version counts"""
    port = lab.free_port()
    with server_with_groups(programs, port) as server:
        xdms = Xdms(server, port)
        xdms.put(document(["alice", "bob"]))
        client(server, "message", "alice", "--to", GROUP, "one").finish()
        time.sleep(1.1)  # `fresh`, the shortest there is
        client(server, "message", "alice", "--to", GROUP, "two").finish()
        xdms.program.wait_for(r'xcap: GET .*if-none-match="')
        xdms.put(document(["bob"]))
        time.sleep(1.1)
        client(server, "message", "alice", "--to", GROUP, "three").wait_for('"event":"chat_failed".*"status":403')


def server_that_is_away(programs):
    """while the XDM server is away the old document serves, and a group without one is refused"""
    port = lab.free_port()
    with server_with_groups(programs, port) as server:
        xdms = Xdms(server, port)
        xdms.put(document(["alice", "bob"]))
        client(server, "message", "alice", "--to", GROUP, "one").finish()
        xdms.program.stop()
        time.sleep(1.1)
        client(server, "message", "alice", "--to", GROUP, "two").finish()
        server.server.wait_for("6.2 no newer group document; the old one serves")
        client(server, "message", "alice", "--to", "sip:others@groups.ims.example", "Hello").wait_for('"event":"chat_failed".*"status":500')
        server.server.wait_for("6.2 no group document")


if __name__ == "__main__":
    sys.exit(lab.run([group_by_its_address, messages_to_the_group, documents_that_change, server_that_is_away], sys.argv[1]))
