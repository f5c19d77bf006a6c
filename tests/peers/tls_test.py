#!/usr/bin/env python3
"""MSRP over TLS (RFC 4975 14.4): members with and without it in one group, and what OpenSSL's own client sees.

Usage: tls_test.py <folder of convened and convene>
"""
import pathlib
import re
import subprocess
import sys

import lab

LISTEN = 'msrps = "127.0.0.1:0"\n'
FILE_OCTETS = 3_000_000


def expect(holds, what):
    if not holds:
        raise lab.Failed(what)


def client(server, command, user, *words):
    return server.start(user, server.programs / "convene", command, "--json", "--server", f"127.0.0.1:{server.tcp}", "--user", user, *words)


def send_a_file(server):
    """From alice, who takes TLS only, to bob, who is like her, and to carol, who speaks none."""
    file = server.folder / "plan.bin"
    file.write_bytes(bytes(i * 7919 >> 5 & 255 for i in range(FILE_OCTETS)))
    bob = client(server, "receive", "bob", "--msrp-tls", "require", "--save-dir", server.folder / "bob", "--count", "1")
    carol = client(server, "receive", "carol", "--msrp-tls", "off", "--save-dir", server.folder / "carol", "--count", "1")
    for one in (bob, carol):
        one.wait_for(r'"registered"')
    client(server, "send", "alice", "--msrp-tls", "require", "--to", "bob", "--to", "carol", file).finish()
    for one in (bob, carol):
        one.finish()
    for name in ("bob", "carol"):
        expect((server.folder / name / "plan.bin").read_bytes() == file.read_bytes(), f"{name} has another file")


def offers_and_answers(server):
    return re.findall(r"^m=message \d+ (\S+) ", (server.folder / "trace.txt").read_text(errors="replace"), re.MULTILINE)


def in_one_group(programs):
    """members with TLS and without share a group and a file"""
    with lab.Lab(programs, listen=LISTEN) as server:
        send_a_file(server)
        lines = offers_and_answers(server)
        expect(lines.count("TCP/TLS/MSRP") >= 6 and lines.count("TCP/MSRP") >= 4, lines)
        expect(server.server.said("inviting with MSRP over TLS"), "bob was not asked again")


def required(programs):
    """a server that takes nothing but TLS keeps out who does not speak it, and says why"""
    with lab.Lab(programs, '[msrp]\ntls = "require"\n', listen=LISTEN) as server:
        alice = client(server, "group", "alice", "--msrp-tls", "off", "--to", "bob", "--wait", "1")
        alice.wait_for(r"MSRP is over TLS here")
        alice.stop()
        expect("TCP/TLS/MSRP" not in offers_and_answers(server), "an offer in TLS")


def handshake(port, *words):
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *words], input="", text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=20, errors="replace")
    return done.stdout


def for_openssl(programs):
    """OpenSSL's client: TLS 1.2 and 1.3 and no older, and the certificate is the one that SDP names"""
    with lab.Lab(programs, listen=LISTEN) as server:
        port = server.server.wait_for(r"^ready .*msrps=\S+:(\d+)")[1]
        for version in ("-tls1_2", "-tls1_3"):
            said = handshake(port, version)
            expect("BEGIN CERTIFICATE" in said and "Cipher is (NONE)" not in said, said)
            expect("Secure Renegotiation" in said or version == "-tls1_3", said)
        said = handshake(port, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
        expect("BEGIN CERTIFICATE" not in said, said)

        send_a_file(server)
        certificate = re.search(r"-----BEGIN CERT.*?END CERTIFICATE-----", handshake(port, "-tls1_3"), re.DOTALL)[0]
        printed = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input=certificate, text=True, stdout=subprocess.PIPE)
        fingerprint = printed.stdout.strip().split("=")[1]
        trace = (server.folder / "trace.txt").read_text(errors="replace")
        expect(f"a=fingerprint:sha-256 {fingerprint}" in trace, f"{fingerprint} is in no SDP")


if __name__ == "__main__":
    sys.exit(lab.run([in_one_group, required, for_openssl], pathlib.Path(sys.argv[1]).resolve()))
