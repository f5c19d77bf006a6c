#!/usr/bin/env python3
"""What others notice while somebody floods the server: a group that chats at a pace, before, during and after.

usage: bench/flood.py [folder of convened and convene] [--seconds N] [flood ...]

Each flood comes as fast as one process can, for a third of the time. Deliveries that did not come, their times, and the server's memory are printed.
"""
import argparse
import itertools
import json
import multiprocessing
import os
import pathlib
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import server as bench  # noqa: E402

RATE, MEMBERS = 100, 10


def datagrams(port, text):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        own = udp.getsockname()[1]
        udp.setblocking(False)
        for number in itertools.count():
            try:
                udp.sendto(text(number, own).encode(), ("127.0.0.1", port))
            except BlockingIOError:
                time.sleep(0.001)


def request(method, uri, number, own, extra="", body=""):
    return (f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK-{os.getpid()}-{number}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:mallory-{number % 50_000}@ims.example>;tag={number}\r\nTo: <{uri}>\r\nCall-ID: {os.getpid()}-{number}\r\nCSeq: 1 {method}\r\n"
            f"Contact: <sip:mallory@127.0.0.1:{own}>\r\n{extra}Content-Length: {len(body)}\r\n\r\n{body}")


def register(server):
    """REGISTER of 50,000 users"""
    datagrams(server["udp"], lambda number, own: request("REGISTER", "sip:ims.example", number, own).replace(
        "To: <sip:ims.example>", f"To: <sip:mallory-{number % 50_000}@ims.example>"))


def invite(server):
    """INVITE to the factory, without a list"""
    datagrams(server["udp"], lambda number, own: request("INVITE", "sip:conference-factory@ims.example", number, own))


def subscribe(server):
    """SUBSCRIBE to groups that are not"""
    datagrams(server["udp"], lambda number, own: request("SUBSCRIBE", f"sip:no-{number}@ims.example", number, own, "Event: conference\r\n"))


def noise(server):
    """datagrams that are no SIP"""
    datagrams(server["udp"], lambda number, own: f"\x00{number} HTTP/1.1\r\n\r\n" * 20)


def stream(port, pieces, pause=0.0):
    """Says the pieces on one connection after the other, for as long as each is taken."""
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as tcp:
                tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for piece in pieces():
                    tcp.sendall(piece)
                    if pause:
                        time.sleep(pause)
        except OSError:
            time.sleep(0.002)


def msrp_send(number, body, port):
    tid = f"t{number:015}"
    return (f"MSRP {tid} SEND\r\nTo-Path: msrp://127.0.0.1:{port}/nobody;tcp\r\nFrom-Path: msrp://127.0.0.1:9/x;tcp\r\nMessage-ID: {number}\r\n"
            f"Byte-Range: 1-*/*\r\nContent-Type: text/plain\r\n\r\n").encode() + body + f"\r\n-------{tid}+\r\n".encode()


def tiny_chunks(server):
    """MSRP chunks of 2 octets for sessions that are not"""
    stream(server["msrp"], lambda: (b"".join(msrp_send(n, b"ab", server["msrp"]) for n in range(k, k + 100)) for k in itertools.count(0, 100)))


def single_octets(server):
    """TCP segments of one octet"""
    stream(server["msrp"], lambda: (bytes([octet]) for n in itertools.count() for octet in msrp_send(n, b"ab", server["msrp"])))


def look_alikes(server):
    """a body of what is nearly its end-line"""
    head, end = msrp_send(1, b"\0", server["msrp"]).split(b"\0")
    stream(server["msrp"], lambda: itertools.chain([head], itertools.repeat(end[:-3] * 2_000)))


def connections(server):
    """connections that say nothing"""
    held = []
    while True:
        try:
            held.append(socket.create_connection(("127.0.0.1", server["msrp"]), 0.5))
        except OSError:
            held.clear()
        if len(held) > 500:
            held.clear()


FLOODS = (register, invite, subscribe, noise, tiny_chunks, single_octets, look_alikes, connections)


def meet(flood, programs, seconds):
    """Deliveries and times of each third, and the most memory."""
    with bench.Server(programs) as server:
        ready = {"udp": server.port, "msrp": server.msrp}
        load = server.load("--members", MEMBERS, "--chat-rate", RATE, "--seconds", 3 * seconds)
        bench.until_work(load)
        before, most, attacker, marks = server.anonymous(), 0, None, []
        for line in load.stdout:
            figures = json.loads(line)
            marks.append(figures)
            most = max(most, server.anonymous())
            passed = figures["microseconds"] / 1e6
            if passed > seconds and not attacker:
                attacker = multiprocessing.Process(target=flood, args=(ready,), daemon=True)
                attacker.start()
            if passed > 2 * seconds and attacker.is_alive():
                attacker.kill()
        load.wait()
        end = marks[-1]
        during = [b["chat_delivered"] - a["chat_delivered"] for a, b in zip(marks, marks[1:])
                  if seconds < a["microseconds"] / 1e6 and b["microseconds"] / 1e6 < 2 * seconds]
        wanted = RATE * (MEMBERS - 1)
        after = [b["chat_delivered"] - a["chat_delivered"] for a, b in zip(marks, marks[1:]) if a["microseconds"] / 1e6 > 2 * seconds]
        recovered = next((i for i, count in enumerate(after) if count >= 0.9 * wanted), None)
        goodput = sum(during) / max(len(during), 1) / wanted
        print(f"  {flood.__doc__:44} goodput {goodput:5.2f}  p99 {end['chat_p99_us'] / 1000:7.1f} ms  max {end['chat_max_us'] / 1000:7.1f} ms  "
              f"lost {end['errors']}  memory +{(most - before) / 1e6:.1f} MB  recovered in {'-' if recovered is None else recovered + 1} s", flush=True)


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("programs", nargs="?", default="build/release/apps")
    words.add_argument("--seconds", type=int, default=6)
    words.add_argument("floods", nargs="*", metavar="flood", help=", ".join(one.__name__ for one in FLOODS))
    words = words.parse_args()
    programs = pathlib.Path(words.programs).resolve()
    wanted = [one for one in FLOODS if not words.floods or one.__name__ in words.floods]
    print(f"{MEMBERS} members, {RATE} messages a second; a flood for {words.seconds} s")
    for flood in wanted:
        meet(flood, programs, words.seconds)


if __name__ == "__main__":
    main()
