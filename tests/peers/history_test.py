#!/usr/bin/env python3
"""What the Participating Function stores of sessions, of what is said in them, and of a file: read from the server's own store, and from Dovecot by another client.

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

QUESTION, ANSWER = "Shall we meet at half past eight?", "Fine, unless there is rain."
TEXT = "Trail plan: meet 08:30 at the north gate, bring water and a map.\n"


def settings(store):
    return f"[participating]\nenabled = true\noffline_storage = true\n[store]\n{store}"


def alice_sends_bob_a_file(server, *options):
    """In a group of theirs, with these options of both. Gives the Message-UIDs of the answers to alice: of the file's BYE, and of the session's."""
    (server.folder / "plan.txt").write_text(TEXT)
    client = [server.programs / "convene", "--server", f"127.0.0.1:{server.tcp}"]

    def run(command, user, *words):
        return server.start(user, client[0], command, "--json", *client[1:], "--user", user, *options, *words)

    bob = run("receive", "bob", "--save-dir", server.folder / "bob")
    bob.wait_for(r'"registered"')
    run("send", "alice", "--to", "bob", "--subject", "Trail Sunday", server.folder / "plan.txt").finish()
    bob.wait_for(r'"file_received"')
    bob.stop()
    return re.findall(r"Message-UID: (\d+)", (server.folder / "trace.txt").read_text(errors="replace"))


def alice_and_bob_talk(server):
    """In a session of two."""
    def chat(user, *words):
        return server.start(user, server.programs / "convene", "chat", "--json", "--server", f"127.0.0.1:{server.tcp}", "--user", user, *words, input=True)

    bob = chat("bob")
    bob.wait_for(r'"registered"')
    alice = chat("alice", "--with", "bob")
    alice.wait_for(r'"joined"')
    alice.say(QUESTION)
    bob.wait_for(r'"chat_received".*half past eight')
    bob.say(ANSWER)
    alice.wait_for(r'"chat_received".*rain')
    bob.wait_for(r'"chat_sent"')
    for one in (alice, bob):
        one.process.stdin.close()
        one.finish()


def expect_talk(user, objects):
    """The same two messages in the histories of both, each as it was on the wire."""
    messages = [one for uid, one in sorted(objects.items()) if one.get_content_type() == "message/cpim"]
    for text, sender in ((QUESTION, "alice"), (ANSWER, "bob")):
        found = [one for one in messages if text.encode() in one.as_bytes()]
        expect(len(found) == 1, f"{user}: {text} is there {len(found)} times of {len(messages)}")
        expect(found[0]["From"] == f"sip:{sender}@ims.example", f"{user}: {found[0]['From']}")
        expect(found[0]["Message-Direction"] == ("sent" if user == sender else "received"), f"{user}: direction")


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
    expect(transfer.get_payload()[1].get_payload(decode=True) == TEXT.encode(), "the file is another one")
    direction = {"alice": "sent", "bob": "received"}[user]
    expect(transfer["Message-Direction"] == direction and transfer["From"] == "sip:alice@ims.example", f"{user}: {transfer}")
    for one in (info, transfer):
        for header in ("Date", "Conversation-ID", "Contribution-ID", "IMDN-Message-ID"):
            expect(one[header], f"{user}: no {header}")


def exported(build, server, user):
    """The objects of a user whose history is in the server's own store, by their folders' paths and their UIDs. The server has ended."""
    out = server.folder / "out" / user
    convene_store(build, "export", "--state", server.folder / "state", "--user", user, out)
    folders = {}
    for path in out.rglob("*.eml"):
        folders.setdefault(path.parent.relative_to(out), {})[int(path.stem)] = email.message_from_bytes(path.read_bytes())
    return folders


def fetched(dovecot, user):
    """The same by imaplib from Dovecot."""
    client = dovecot.log_in(user, f"{user}-secret")
    names = [line.decode().split(' "/" ')[-1].strip('"') for line in client.list('""', '"Default/*"')[1]]
    folders = {}
    for name in names:
        if client.select(f'"{name}"')[0] != "OK":
            continue  # only a name on the way to others
        found = [one for one in client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")[1] if isinstance(one, tuple)]
        if found:
            folders[name] = {int(re.search(rb"UID (\d+)", head)[1]): email.message_from_bytes(body) for head, body in found}
    return folders


def kept_on(dovecot):
    return f'kind = "imap"\nimap = "127.0.0.1:{dovecot.port}"\nlogin = "cpmpf"\npassword = "{SECRET}"\n'


def what_is_said_in_its_own_store(build):
    """8.5.3: messages of a session, for both"""
    with lab.Lab(build / "apps", settings('kind = "embedded"\n')) as server:
        alice_and_bob_talk(server)
        server.server.stop()
        for user in ("alice", "bob"):
            folders = exported(build, server, user)
            expect(len(folders) == 1, folders.keys())
            expect_talk(user, *folders.values())


def what_is_said_on_dovecot(build):
    """8.5.3: messages of a session, which the users read with a client of their own"""
    with dovecot_test.Dovecot() as dovecot:
        with lab.Lab(build / "apps", settings(kept_on(dovecot))) as server:
            alice_and_bob_talk(server)
            for user in ("alice", "bob"):
                folders = fetched(dovecot, user)
                expect(len(folders) == 1, folders.keys())
                expect_talk(user, *folders.values())


def in_its_own_store(build):
    """R5.1b, R5.1c: both users' histories in the server's own store, and Message-UID is the Session Info Object's"""
    with lab.Lab(build / "apps", settings('kind = "embedded"\n')) as server:
        uids = alice_sends_bob_a_file(server)
        expect(uids and set(uids) == {"1"}, f"Message-UID {uids}")
        server.server.stop()
        state = server.folder / "state"
        expect(convene_store(build, "list", "--state", state).split() == ["alice", "bob"], "accounts")
        for user in ("alice", "bob"):
            folders = exported(build, server, user)
            expect(len(folders) == 1, folders.keys())
            expect_history(user, *folders.values())


def over_tls(build):
    """RFC 4975 14.4: the same of media in TLS, which stays in TLS on both sides of who records it"""
    with lab.Lab(build / "apps", settings('kind = "embedded"\n[msrp]\ntls = "require"\n'), listen='msrps = "127.0.0.1:0"\nparticipating_msrps = "127.0.0.1:0"\n') as server:
        alice_sends_bob_a_file(server, "--msrp-tls", "require")
        trace = (server.folder / "trace.txt").read_text(errors="replace")
        expect("TCP/TLS/MSRP" in trace and " TCP/MSRP *" not in trace, "media without TLS")
        server.server.stop()
        for user in ("alice", "bob"):
            expect_history(user, *exported(build, server, user).values())


def on_dovecot(build):
    """R5.1b, R5.1c: the users read the same with a client of their own from Dovecot, and Message-UID is its UID there"""
    with dovecot_test.Dovecot() as dovecot:
        with lab.Lab(build / "apps", settings(kept_on(dovecot))) as server:
            uids = alice_sends_bob_a_file(server)
            expect(uids and set(uids) == {"1"}, f"Message-UID {uids}")
            for user in ("alice", "bob"):
                (name, objects), = [one for one in fetched(dovecot, user).items() if one[0].count("/") == 2]
                expect_history(user, objects)
                expect(name.split("/")[1:] == [objects[1]["Conversation-ID"], objects[1]["Contribution-ID"]], name)


def while_dovecot_is_away(build):
    """a BYE is answered without Message-UID when Dovecot is away, and the history gets there once it is back"""
    with dovecot_test.Dovecot() as dovecot:
        with lab.Lab(build / "apps", settings(kept_on(dovecot))) as server:
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
    tests = [in_its_own_store, what_is_said_in_its_own_store, over_tls]
    if shutil.which("dovecot", path="/usr/sbin:/usr/bin"):
        tests += [on_dovecot, what_is_said_on_dovecot, while_dovecot_is_away]
    sys.exit(lab.run(tests, pathlib.Path(sys.argv[1]).resolve()))
