#!/usr/bin/env python3
"""What the Participating Function stores of a group's session and of a file in it: read from the server's own store, and from Dovecot by another client.

Usage: history_test.py build-directory
"""
import email
import pathlib
import re
import shutil
import sys

import dovecot_test
import lab
from dovecot_test import SECRET, convene_store, expect

TEXT = "Trail plan: meet 08:30 at the north gate, bring water and a map.\n"


def settings(store):
    return f"[participating]\nenabled = true\noffline_storage = true\n[store]\n{store}"


def alice_sends_bob_a_file(server):
    """In a group of theirs. Gives the Message-UIDs of the answers to alice: of the file's BYE, and of the session's."""
    (server.folder / "plan.txt").write_text(TEXT)
    client = [server.programs / "convene", "--server", f"127.0.0.1:{server.tcp}"]

    def run(command, user, *words):
        return server.start(user, client[0], command, "--json", *client[1:], "--user", user, *words)

    bob = run("receive", "bob", "--save-dir", server.folder / "bob")
    bob.wait_for(r'"registered"')
    run("send", "alice", "--to", "bob", "--subject", "Trail Sunday", server.folder / "plan.txt").finish()
    bob.wait_for(r'"file_received"')
    bob.stop()
    return re.findall(r"Message-UID: (\d+)", (server.folder / "trace.txt").read_text(errors="replace"))


def expect_history(user, objects):
    """`objects`: what is in the only session folder of the user, by UID."""
    kinds = {uid: one.get_content_type() for uid, one in objects.items()}
    expect(kinds[1] == "application/x-cpm-session", kinds)
    files = [uid for uid, one in objects.items() if one.get_content_type() == "multipart/related"]
    expect(len(files) == 1, kinds)
    info, transfer = objects[1], objects[files[0]]
    expect(info["Subject"] == "Trail Sunday", f"{user}: {info}")
    expect("<session-type>Ad-Hoc</session-type>" in info.get_payload(), info.get_payload())
    expect("a=path:msrp" in info.get_payload(), "the offer is not there")
    described = transfer.get_payload()[0]
    expect(described.get_content_type() == "application/x-cpm-file-transfer", described.get_content_type())
    expect(f'name:"plan.txt" type:text/plain size:{len(TEXT)} hash:sha-1:' in described.get_payload(), described.get_payload())
    direction = {"alice": "sent", "bob": "received"}[user]
    expect(transfer["Message-Direction"] == direction and transfer["From"] == "sip:alice@ims.example", f"{user}: {transfer}")
    for one in (info, transfer):
        for header in ("Date", "Conversation-ID", "Contribution-ID", "IMDN-Message-ID"):
            expect(one[header], f"{user}: no {header}")


def in_its_own_store(build):
    """R5.1b, R5.1c: both users' histories in the server's own store, and Message-UID is the Session Info Object's"""
    with lab.Lab(build / "apps", settings('kind = "embedded"\n')) as server:
        uids = alice_sends_bob_a_file(server)
        expect(uids and set(uids) == {"1"}, f"Message-UID {uids}")
        server.server.stop()
        state = server.folder / "state"
        expect(convene_store(build, "list", "--state", state).split() == ["alice", "bob"], "accounts")
        for user in ("alice", "bob"):
            convene_store(build, "export", "--state", state, "--user", user, server.folder / "out" / user)
            paths = sorted((server.folder / "out" / user).rglob("*.eml"))
            expect(len({path.parent for path in paths}) == 1, paths)
            expect_history(user, {int(path.stem): email.message_from_bytes(path.read_bytes()) for path in paths})


def on_dovecot(build):
    """R5.1b, R5.1c: the users read the same with a client of their own from Dovecot, and Message-UID is its UID there"""
    with dovecot_test.Dovecot() as dovecot:
        store = f'kind = "imap"\nimap = "127.0.0.1:{dovecot.port}"\nlogin = "cpmpf"\npassword = "{SECRET}"\n'
        with lab.Lab(build / "apps", settings(store)) as server:
            uids = alice_sends_bob_a_file(server)
            expect(uids and set(uids) == {"1"}, f"Message-UID {uids}")
            for user in ("alice", "bob"):
                client = dovecot.log_in(user, f"{user}-secret")
                names = [line.decode().split(' "/" ')[-1].strip('"') for line in client.list('""', '"Default/*"')[1]]
                sessions = [name for name in names if name.count("/") == 2]
                expect(len(sessions) == 1, names)
                expect(client.select(f'"{sessions[0]}"')[0] == "OK", "no folder")
                found = [one for one in client.uid("FETCH", "1:*", "(UID BODY.PEEK[])")[1] if isinstance(one, tuple)]
                objects = {int(re.search(rb"UID (\d+)", head)[1]): email.message_from_bytes(body) for head, body in found}
                expect_history(user, objects)
                expect(sessions[0].split("/")[1:] == [objects[1]["Conversation-ID"], objects[1]["Contribution-ID"]], sessions)


def while_dovecot_is_away(build):
    """a BYE is answered without Message-UID when Dovecot is away, and the history gets there once it is back"""
    with dovecot_test.Dovecot() as dovecot:
        store = f'kind = "imap"\nimap = "127.0.0.1:{dovecot.port}"\nlogin = "cpmpf"\npassword = "{SECRET}"\n'
        with lab.Lab(build / "apps", settings(store)) as server:
            dovecot.crash()
            expect(alice_sends_bob_a_file(server) == [], "a Message-UID of nobody")
            dovecot.start()
            state = [server.programs / "convene", "store", "list", "--imap", f"127.0.0.1:{dovecot.port}", "--login", "cpmpf", "--password-file",
                     dovecot.folder / "secret", "--user", "alice"]
            (dovecot.folder / "secret").write_text(SECRET + "\n")
            for attempt in range(100):
                listed = server.start(f"list {attempt}", *state)
                listed.finish()
                if listed.said(r"Default/.+/.+ 2 objects"):
                    return
            raise lab.Failed("\n".join(listed.lines))


if __name__ == "__main__":
    tests = [in_its_own_store]
    if shutil.which("dovecot", path="/usr/sbin:/usr/bin"):
        tests += [on_dovecot, while_dovecot_is_away]
    sys.exit(lab.run(tests, pathlib.Path(sys.argv[1]).resolve()))
