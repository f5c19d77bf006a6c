#!/usr/bin/env python3
"""Dovecot as message store: what we write into it, and what others read there.

usage: dovecot_test.py build-directory
"""
import contextlib
import getpass
import grp
import imaplib
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import lab

EXAMPLE = lab.HERE.parent.parent / "examples" / "dovecot"
SECRET = "choose-your-own"


def make_certificate(folder):
    """A certificate of its own for 127.0.0.1."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=store",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True,
                   stderr=subprocess.DEVNULL)


class Dovecot:
    """The example's set-up on a free port, as a user without rights, in a folder of its own."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="convene-"))
        self.port = lab.free_port()
        etc = self.folder / "etc"
        shutil.copytree(EXAMPLE, etc)
        # Dovecot refuses to run users' processes as root: there, it is nobody's.
        self.user, self.prefix = getpass.getuser(), []
        if os.getuid() == 0:
            self.user, self.prefix = "nobody", ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        group = grp.getgrgid(pwd.getpwnam(self.user).pw_gid).gr_name
        config = (etc / "dovecot.conf").read_text()
        for before, after in [("/run/convene-mail", f"{self.folder}/run"), ("/var/lib/convene-mail", f"{self.folder}/lib"),
                              ("/etc/convene-mail", str(etc)), ("10143", str(self.port)), ("gid=convene-mail", f"gid={group}"),
                              ("group = convene-mail", f"group = {group}"), ("mail_gid = convene-mail", f"mail_gid = {group}"),
                              ("convene-mail", self.user)]:
            config = config.replace(before, after)
        self.tls_port = lab.free_port()
        make_certificate(etc)
        config = config.replace("ssl = no", f"ssl = yes\nssl_cert = <{etc}/cert.pem\nssl_key = <{etc}/key.pem").replace("port = 0", f"port = {self.tls_port}")
        (etc / "dovecot.conf").write_text(config)
        if self.prefix:
            subprocess.run(["chown", "-R", f"{self.user}:{group}", self.folder], check=True)
        self.start()
        return self

    def start(self):
        self.program = lab.Program("dovecot", *self.prefix, "dovecot", "-F", "-c", self.folder / "etc/dovecot.conf", cwd=self.folder)
        lab.wait_for_port(self.port, self.program)

    def crash(self):
        """All of it at once: told to stop, it would serve those who are there to their end."""
        pid = self.program.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in [str(pid), *children]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(one), signal.SIGKILL)
        self.program.process.wait()

    def __exit__(self, kind, error, trace):
        self.program.stop()
        if kind is not None:
            print("---- dovecot said:\n" + "\n".join(self.program.lines[-40:]), file=sys.stderr)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_in(self, user, secret):
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(user, secret)
        return client


def expect(holds, what):
    if not holds:
        raise lab.Failed(what)


def our_tests(dovecot, build, *options, secret=SECRET, **variables):
    environment = dict(os.environ, CONVENE_IMAP=f"{dovecot.port}:cpmpf:{secret}", **variables)
    done = subprocess.run([build / "tests/message_store_test", *options], env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=100)
    expect(done.returncode == 0 and "[  PASSED  ] 0 tests" not in done.stdout, done.stdout[-6000:])
    return done.stdout


def same_as_embedded(build):
    """Dovecot keeps what the embedded store keeps"""
    with Dovecot() as dovecot:
        our_tests(dovecot, build)


def store_flow_for_alice(dovecot, build):
    our_tests(dovecot, build, "--gtest_filter=*makes_the_session_folder*", CONVENE_ACCOUNT="alice")


def flow(name):
    return next((lab.HERE.parent / "flows").glob(f"*-{name}-*")).read_bytes()


def read_by_another(build):
    """R5.1b2, R5.1c: the user reads the flows' objects with another client, octet for octet"""
    with Dovecot() as dovecot:
        store_flow_for_alice(dovecot, build)
        client = dovecot.log_in("alice", "alice-secret")
        folder = '"Default/f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30/5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f"'
        expect(client.select(folder)[0] == "OK", "no folder")
        objects = [client.uid("FETCH", uid, "(FLAGS BODY.PEEK[])")[1][0] for uid in ("1", "2")]
        expect(objects[0][1] == flow("f6-2a"), "the Session Info Object is another")
        unfolded = re.sub(rb"(?<=[A-Za-z0-9+/]{76})\r\n", b"", objects[1][1])
        expect(unfolded == flow("f6-2b"), "the File Transfer History Object is another")
        expect(all(b"\\Seen" in head for head, body in objects), "not seen")


def sync_of_a_client(build):
    """the commands by which a deployed RCS client syncs work on what we wrote"""
    with Dovecot() as dovecot:
        store_flow_for_alice(dovecot, build)
        client = dovecot.log_in("alice", "alice-secret")

        def say(name, *words):
            status, data = client._simple_command(name, *words)
            expect(status == "OK", f"{name} {words}: {data}")
            answers, client.untagged_responses = client.untagged_responses, {}
            return answers

        client.untagged_responses = {}
        imaplib.Commands.setdefault("LIST", ("AUTH", "SELECTED"))
        answers = say("LIST", '""', '"Default/*"', "RETURN (STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ))")
        state = re.search(rb"^(\S+) \(MESSAGES 2 UIDNEXT 3 UIDVALIDITY \d+ HIGHESTMODSEQ (\d+)\)", answers["STATUS"][-1])
        expect(state, f"LIST: {answers}")
        folder, modseq = state[1].decode(), state[2].decode()
        say("SELECT", folder, "(CONDSTORE)")
        client.state = "SELECTED"
        expect(len(say("UID", "FETCH", "1:2", "(UID FLAGS)")["FETCH"]) == 2, "UID FETCH")
        expect("FETCH" not in say("UID", "FETCH", "1:2", "(UID FLAGS)", f"(CHANGEDSINCE {modseq})"), "CHANGEDSINCE")
        heads = say("UID", "FETCH", "1:2", "(UID FLAGS MODSEQ BODY.PEEK[HEADER])")["FETCH"]
        for header in ("From", "To", "Date", "Conversation-ID", "Contribution-ID", "IMDN-Message-ID", "Message-Direction", "Content-Type"):
            found = [part for part in heads if isinstance(part, tuple) and f"\r\n{header}: ".encode() in b"\r\n" + part[1]]
            expect(len(found) == 2, f"{header} in {len(found)} of two objects")
        expect(say("UID", "SEARCH", "HEADER", "IMDN-Message-ID", "f-9QmZt41kLw")["SEARCH"] == [b"2"], "SEARCH")
        expect(b"X-CPM-File-Transfer" in say("UID", "FETCH", "2", "BODY.PEEK[]")["FETCH"][0][1], "BODY.PEEK[]")


def nobody_else(build):
    """a user sees nothing of what is stored for another"""
    with Dovecot() as dovecot:
        store_flow_for_alice(dovecot, build)
        client = dovecot.log_in("bob", "bob-secret")
        expect(client.select('"user/alice/Default/f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30"')[0] == "NO", "bob got in")
        expect(client.list('""', '"user/alice/*"')[1] == [None], "bob sees names")


def convene_store(build, *words):
    done = subprocess.run([build / "apps/convene", "store", *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    expect(done.returncode == 0, f"convene store {words}: {done.stdout}")
    return done.stdout


def every_file(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def migration(build):
    """convene store moves a server's own store to Dovecot, and shows the same from both"""
    with Dovecot() as dovecot:
        state = dovecot.folder / "state"
        for test in ("takes_any_conversation_id", "makes_the_session_folder", "gives_a_file_back"):
            done = subprocess.run([build / "tests/message_store_test", f"--gtest_filter=*{test}*"], stdout=subprocess.PIPE,
                                  env=dict(os.environ, CONVENE_ACCOUNT="alice", CONVENE_STATE=str(state)))
            expect(done.returncode == 0, done.stdout)
        (dovecot.folder / "secret").write_text(SECRET + "\n")
        imap = ["--imap", f"127.0.0.1:{dovecot.port}", "--login", "cpmpf", "--password-file", dovecot.folder / "secret"]
        expect(convene_store(build, "list", "--state", state).split() == ["alice"], "accounts")

        for time in ("once", "twice"):  # again copies nothing again
            said = convene_store(build, "migrate", "--state", state, *imap)
            expect(said.endswith("15 objects\n"), said)
            for store, where in (("own", ["--state", state]), ("imap", imap)):
                said = convene_store(build, "export", *where, "--user", "alice", dovecot.folder / time / store)
                expect(said == "15 objects in 8 folders\n", f"{store}: {said}")
            expect(every_file(dovecot.folder / time / "own") == every_file(dovecot.folder / time / "imap"), f"{time}: they differ")

        session = "Default/f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30/5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f"
        for where in (["--state", state], imap):
            said = convene_store(build, "list", *where, "--user", "alice", session)
            expect("Application/X-CPM-Session" in said and "Trail Sunday" in said, said)
            said = convene_store(build, "show", *where, "--user", "alice", session, "1")
            expect(said == flow("f6-2a").decode().replace("\r", ""), said)


def through_tls(build):
    """the store is read in TLS, from a server whose certificate is believed"""
    with Dovecot() as dovecot:
        store_flow_for_alice(dovecot, build)
        (dovecot.folder / "secret").write_text(SECRET + "\n")
        words = ["list", "--imap", f"127.0.0.1:{dovecot.tls_port}", "--login", "cpmpf", "--password-file", dovecot.folder / "secret", "--user", "alice",
                 "--tls"]
        said = convene_store(build, *words, "--authorities", dovecot.folder / "etc/cert.pem")
        expect("2 objects" in said, said)
        with contextlib.suppress(lab.Failed):
            said = convene_store(build, *words)
            raise AssertionError(f"a certificate that nobody knows was believed: {said}")


def wrong_secret(build):
    """a wrong secret is tried once, not again and again"""
    with Dovecot() as dovecot:
        with contextlib.suppress(lab.Failed):
            our_tests(dovecot, build, "--gtest_filter=*has_one_session_info*", secret="wrong")
        dovecot.program.wait_for("auth failed, 1 attempts")
        tries = sum("auth failed" in line for line in dovecot.program.lines)
        expect(tries == 1, f"{tries} logins were tried")


def with_outbox(dovecot, build, test, secret=SECRET):
    """One test of an outbox before it, whose state is in the server's folder."""
    words = ["env", f"CONVENE_IMAP={dovecot.port}:cpmpf:{secret}", "CONVENE_OUTBOX=1", "CONVENE_ACCOUNT=alice", f"CONVENE_STATE={dovecot.folder}/state"]
    return lab.Program(test, *words, build / "tests/message_store_test", f"--gtest_filter=OutboxBeforeIt.{test}")


def ids_of_alice(dovecot):
    client = dovecot.log_in("alice", "alice-secret")
    expect(client.select('"Default/f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30"')[0] == "OK", "no folder")
    heads = client.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (IMDN-Message-ID)])")[1]
    return [int(re.search(rb"m(\d+)", part[1])[1]) for part in heads if isinstance(part, tuple)]


def same_behind_an_outbox(build):
    """with an outbox before it Dovecot keeps the same"""
    with Dovecot() as dovecot:
        our_tests(dovecot, build, "--gtest_filter=MessageStore.*", CONVENE_OUTBOX="1")


def restarted_in_the_middle(build):
    """Dovecot dies while we write, and is started again: nothing is lost, nothing twice, all in order"""
    with Dovecot() as dovecot:
        writer = with_outbox(dovecot, build, "goes_on_in_order_when_the_server_is_back")
        writer.wait_for("^kept 20$")
        dovecot.crash()
        writer.wait_for("^down$")
        dovecot.start()
        writer.finish(90)
        found = ids_of_alice(dovecot)
        expect(len(found) > 70 and found == list(range(1, len(found) + 1)), found)


def killed_while_it_is_down(build):
    """kill -9 while Dovecot is down: the next process brings there what was kept"""
    with Dovecot() as dovecot:
        dovecot.crash()
        writer = with_outbox(dovecot, build, "keeps_what_the_server_does_not_take")
        writer.wait_for("^down$")
        writer.process.kill()
        writer.process.wait()
        dovecot.start()
        with_outbox(dovecot, build, "finds_what_an_earlier_process_kept").finish(90)
        expect(ids_of_alice(dovecot) == list(range(1, 11)), "others, or in another order")


def wrong_secret_then_right(build):
    """a wrong secret is tried once for all that waits; with the right one it is all there"""
    with Dovecot() as dovecot:
        writer = with_outbox(dovecot, build, "keeps_what_the_server_does_not_take", secret="wrong")
        writer.wait_for("^down$")
        writer.process.kill()
        writer.process.wait()
        dovecot.program.wait_for("auth failed, 1 attempts")
        tries = sum("auth failed" in line for line in dovecot.program.lines)
        expect(tries == 1, f"{tries} logins were tried")
        with_outbox(dovecot, build, "finds_what_an_earlier_process_kept").finish(90)
        expect(ids_of_alice(dovecot) == list(range(1, 11)), "others, or in another order")


if __name__ == "__main__":
    tests = [same_as_embedded, same_behind_an_outbox, restarted_in_the_middle, killed_while_it_is_down, wrong_secret_then_right, read_by_another, sync_of_a_client, nobody_else, migration, through_tls, wrong_secret]
    sys.exit(lab.run(tests, pathlib.Path(sys.argv[1]).resolve()))
