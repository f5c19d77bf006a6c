#!/usr/bin/env python3
"""What the tour sends over the wire, read by Wireshark's dissectors: nothing malformed, and all of it there.

The trace of the tour is turned into packets (convene trace --pcap); where capturing is allowed, the wire itself is read as well.

Usage: tshark_test.py <folder of convened and convene>
"""
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import lab

WARNING = 0x600000  # of Wireshark's severities; beyond it errors
RECORD = re.compile(rb"^@ \S+ (sip|msrp) (udp|tcp|tls) \S+:(\d+) (in|out) \S+:(\d+) ", re.M)


def tour(programs, folder):
    """Plays the tour with a small large file; the file of its trace."""
    play = lab.Program("tour", pathlib.Path(programs) / "convened", "lab", "--tour", "--big", 1, "--keep", folder / "kept", "--ladder", folder / "ladder.svg",
                       cwd=folder)
    play.finish(90)
    return next(path for path in sorted((folder / "kept").iterdir()) if path.is_file() and path.read_bytes().startswith(b"@ "))


def decode_as(trace):
    """What tshark has to be told of the ports, which are no well-known ones."""
    ports = {}
    for protocol, transport, local, _, remote in RECORD.findall(trace.read_bytes()):
        for port in (local, remote):
            ports[("udp" if transport == b"udp" else "tcp", int(port))] = protocol.decode()
    return [word for (transport, port), protocol in sorted(ports.items()) for word in ("-d", f"{transport}.port=={port},{protocol}")]


def read(capture, ports, wanted, *fields):
    """A line of fields for each packet that is wanted."""
    command = ["tshark", "-n", "-r", str(capture), *ports, "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-Y",
               wanted, "-T", "fields"]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise lab.Failed(f"tshark: {done.stderr}")
    return done.stdout.splitlines()


def check(capture, ports):
    if bad := read(capture, ports, "_ws.malformed", "frame.number", "frame.protocols", "_ws.expert.message"):
        raise lab.Failed("malformed:\n" + "\n".join(bad[:10]))
    if bad := read(capture, ports, f"(sip || sdp || msrp) && _ws.expert.severity >= {WARNING}", "frame.number", "_ws.expert.message", "sip.Request-Line"):
        raise lab.Failed("Wireshark complains:\n" + "\n".join(bad[:10]))
    if bad := read(capture, ports, "ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0", "frame.number"):
        raise lab.Failed(f"wrong checksums in {len(bad)} packets: {bad[:10]}")
    # One packet may have several messages of a connection.
    seen = collections.Counter(word for line in read(capture, ports, "sip.Method", "sip.Method") for word in line.split(","))
    seen += collections.Counter("SDP" for _ in read(capture, ports, "sdp", "frame.number"))
    seen += collections.Counter("MSRP" for _ in read(capture, ports, "msrp", "frame.number"))
    least = {"REGISTER": 4, "INVITE": 10, "ACK": 10, "BYE": 5, "SUBSCRIBE": 4, "NOTIFY": 8, "SDP": 20, "MSRP": 20}
    if few := {name: seen[name] for name, count in least.items() if seen[name] < count}:
        raise lab.Failed(f"too few of {few}, of {dict(seen)}")
    print(f"        {dict(seen)}")


def exported_trace(programs):
    """The tour's trace, as packets, is what Wireshark expects of SIP, SDP and MSRP"""
    with tempfile.TemporaryDirectory(prefix="convene-") as name:
        folder = pathlib.Path(name)
        trace, capture = tour(programs, folder), folder / "tour.pcapng"
        lab.Program("convene trace", pathlib.Path(programs) / "convene", "trace", trace, "--pcap", capture).finish()
        check(capture, decode_as(trace))


def live_capture(programs):
    """So is what really went over the wire"""
    with tempfile.TemporaryDirectory(prefix="convene-") as name:
        folder = pathlib.Path(name)
        capture = folder / "live.pcapng"
        capturing = lab.Program("dumpcap", "dumpcap", "-q", "-i", "lo", "-B", 64, "-w", capture)
        try:
            capturing.wait_for(r"^File:", 10)
            trace = tour(programs, folder)
            time.sleep(0.5)
        finally:
            capturing.stop()
        check_live(capture, decode_as(trace))


def check_live(capture, ports):
    """MSRP frames lie across packets there, which Wireshark's MSRP cannot read."""
    if bad := read(capture, ports, "(sip || sdp) && _ws.malformed", "frame.number", "_ws.expert.message"):
        raise lab.Failed("malformed:\n" + "\n".join(bad[:10]))
    if len(read(capture, ports, 'sip.Method == "INVITE"', "frame.number")) < 10:
        raise lab.Failed("too few INVITEs")


def can_capture():
    """Whether we may, which needs rights."""
    if os.geteuid() != 0 or not shutil.which("dumpcap"):
        return False
    listing = subprocess.run(["dumpcap", "-i", "lo", "-a", "duration:1", "-q", "-w", "/dev/null"], capture_output=True, timeout=20)
    return listing.returncode == 0


if __name__ == "__main__":
    sys.exit(lab.run([exported_trace] + [live_capture] * can_capture(), sys.argv[1]))
