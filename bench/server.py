#!/usr/bin/env python3
"""What the server needs for chat, for groups that stand idle, and to start: the real programs, as a user starts them.

usage: bench/server.py [folder of convened and convene] [--seconds N]

Processor seconds are those of the server alone (/proc/<pid>/stat), memory is its RssAnon. `convene load` plays the clients.
"""
import argparse
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

TICKS = 100  # of a second: sysconf(_SC_CLK_TCK)
REGISTER = (
    "REGISTER sip:ims.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{branch}\r\nMax-Forwards: 70\r\n"
    "From: <sip:probe@ims.example>;tag=1\r\nTo: <sip:probe@ims.example>\r\nCall-ID: probe\r\nCSeq: {branch} REGISTER\r\n"
    "Contact: <sip:probe@127.0.0.1:{port}>\r\nContent-Length: 0\r\n\r\n")


class Server:
    """A lab that allows large groups, on ports of its own."""

    def __init__(self, programs):
        self.programs = programs
        self.log = tempfile.TemporaryFile("w+")
        self.port, self.msrp = free_port(), free_port()
        self.begin = time.perf_counter()
        self.process = subprocess.Popen(
            [programs / "convened", "lab", "--set", "group.max_participants=5000", "--set", "msrp.max_unbound_per_source=10000",
             "--set", f'listen.udp=["127.0.0.1:{self.port}"]', "--set", f'listen.tcp=["127.0.0.1:{self.port}"]', "--set", f"listen.msrp=127.0.0.1:{self.msrp}"],
            stdout=self.log, stderr=subprocess.STDOUT)

    def __enter__(self):
        self.first_answer = first_answer(self.port) - self.begin
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def processor(self):
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(stat[11]) + int(stat[12])) / TICKS

    def anonymous(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("RssAnon")).split()[1]) * 1024

    def load(self, *options):
        return subprocess.Popen([self.programs / "convene", "load", "--server", f"127.0.0.1:{self.port}", "--json", *map(str, options)],
                                stdout=subprocess.PIPE, text=True)


def free_port():
    """A port that was free for TCP and UDP a moment ago."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def first_answer(port):
    """When the first of many REGISTERs is answered."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.001)
        for branch in range(1, 20_000):
            udp.sendto(REGISTER.format(port=udp.getsockname()[1], branch=branch).encode(), ("127.0.0.1", port))
            try:
                udp.recv(65536)
                return time.perf_counter()
            except OSError:
                time.sleep(0.0005)
    raise RuntimeError("the server answers no REGISTER")


def until_work(load):
    """The line that says that the groups are complete."""
    for line in load.stdout:
        figures = json.loads(line)
        if figures["microseconds"] > 0:
            return figures
    raise RuntimeError("the groups do not come together")


def end_of(load):
    figures = json.loads(load.stdout.read().splitlines()[-1])
    load.wait()
    if figures["errors"]:
        print(f"errors: {figures}", file=sys.stderr)
    return figures


def chat(programs, seconds):
    print("chat, 300 octets, closed loop: deliveries for a processor second of the server")
    for members in (10, 20, 100, 200, 500):
        with Server(programs) as server:
            load = server.load("--members", members, "--chat-window", 20, "--seconds", seconds)
            first, before = until_work(load), server.processor()
            last = json.loads(next(line for line in load.stdout if json.loads(line)["microseconds"] > (seconds - 1.5) * 1e6))
            used = server.processor() - before
            end_of(load)
            count = last["chat_delivered"] - first["chat_delivered"]
            print(f"  N = {members:4}  {count / used / 1000:8.0f} k/s  ({count} deliveries, {used:.2f} s)", flush=True)


def paced(programs, seconds):
    print("chat at a pace, 100 members: times from the verb to the event")
    for rate in (10, 50, 100):
        with Server(programs) as server:
            figures = end_of(server.load("--members", 100, "--chat-rate", rate, "--seconds", seconds))
            print(f"  {rate * 99:6} deliveries/s  p50 {figures['chat_p50_us'] / 1000:.2f} ms  p99 {figures['chat_p99_us'] / 1000:.2f} ms  max "
                  f"{figures['chat_max_us'] / 1000:.1f} ms", flush=True)


def growth(programs, seconds):
    print("more groups of 20, each 2 messages a second: processor microseconds a delivery, memory a leg, processor milliseconds to set a leg up")
    for groups in (1, 10, 50, 100):
        with Server(programs) as server:
            idle, begin = server.anonymous(), server.processor()
            load = server.load("--groups", groups, "--members", 20, "--chat-rate", 2, "--seconds", seconds)
            first, before = until_work(load), server.processor()
            legs = groups * 20
            memory = (server.anonymous() - idle) / legs
            last = json.loads(next(line for line in load.stdout if json.loads(line)["microseconds"] > (seconds - 1.5) * 1e6))
            used = server.processor() - before
            count = last["chat_delivered"] - first["chat_delivered"]
            end_of(load)
            print(f"  groups {groups:5}  {used / count * 1e6:6.1f} us  {memory / 1000:6.1f} kB  {(before - begin) / legs * 1000:5.2f} ms", flush=True)


def media_over_tls(programs, seconds):
    print("1,000 legs in groups of 20 that hardly chat: memory a leg, and what TLS adds")
    memory = {}
    for tls in ("off", "require"):
        with Server(programs) as server:
            idle = server.anonymous()
            load = server.load("--groups", 50, "--members", 20, "--chat-rate", 0.1, "--seconds", seconds, "--msrp-tls", tls)
            until_work(load)
            next(line for line in load.stdout if json.loads(line)["microseconds"] > (seconds - 1.5) * 1e6)
            memory[tls] = (server.anonymous() - idle) / 1000
            end_of(load)
            print(f"  --msrp-tls {tls:8}  {memory[tls] / 1000:6.1f} kB", flush=True)
    print(f"  a TLS connection   {(memory['require'] - memory['off']) / 1000:6.1f} kB")


def start(programs):
    times = []
    for _ in range(5):
        with Server(programs) as server:
            times.append(server.first_answer)
    print(f"start to the first REGISTER answered: median {sorted(times)[2] * 1000:.0f} ms")


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("programs", nargs="?", default="build/release/apps")
    words.add_argument("--seconds", type=int, default=6)
    words = words.parse_args()
    programs = pathlib.Path(words.programs).resolve()
    start(programs)
    paced(programs, words.seconds)
    growth(programs, words.seconds)
    media_over_tls(programs, words.seconds)
    chat(programs, words.seconds)


if __name__ == "__main__":
    main()
