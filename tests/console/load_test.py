#!/usr/bin/env python3
"""`convene load` against a server of ours: what it counts, and how it ends.

Usage: load_test.py <folder of convened and convene>
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "peers"))
import lab  # noqa: E402


def load(server, *options, port=None):
    return server.start("load", server.programs / "convene", "load", "--server", f"{server.host}:{port or server.tcp}", "--json", *options)


def figures_of(program):
    figures = json.loads(program.lines[-1])
    if figures["event"] != "load_ended":
        raise lab.Failed(f"the last line is no end: {program.lines[-1]}")
    return figures


def expect(figures, **wanted):
    for name, value in wanted.items():
        if figures[name] != value:
            raise lab.Failed(f"{name} is {figures[name]}, not {value}: {figures}")


def chats_and_sends(programs):
    """All of it arrives, at fast and slow readers"""
    with lab.Lab(programs) as server:
        program = load(server, "--groups", "2", "--members", "4", "--chat-rate", "40", "--files", "2", "--file-size", "0.5",
                       "--slow", "1", "--slow-rate", "2", "--seconds", "2")
        program.finish()
        figures = figures_of(program)
        expect(figures, errors=0, joined=8, files_sent=4, files_received=12, file_octets=12 * 500_000, chat_delivered=3 * figures["chat_sent"])
        if figures["chat_sent"] < 100:
            raise lab.Failed(f"too little was said: {figures}")


def leaves_and_returns(programs):
    """Members leave and come back, and nothing of the others' talk is lost"""
    with lab.Lab(programs) as server:
        program = load(server, "--members", "5", "--chat-window", "2", "--churn", "10", "--seconds", "2")
        program.finish()
        figures = figures_of(program)
        expect(figures, errors=0)
        if figures["returned"] < 5:
            raise lab.Failed(f"hardly anybody came back: {figures}")


def server_dies(programs):
    """A server that dies is counted, and told by the exit status"""
    with lab.Lab(programs) as server:
        program = load(server, "--members", "3", "--chat-rate", "50", "--seconds", "4")
        program.wait_for('"joined":3')
        server.server.process.kill()
        program.finish(expected=5)
        if figures_of(program)["errors"] == 0:
            raise lab.Failed("nothing went wrong?")


def nobody_there(programs):
    """Without a server, or with options that make no sense, it says so"""
    with lab.Lab(programs) as server:
        load(server, "--chat-rate", "1", port=lab.free_port()).finish(expected=4)
        load(server, "--members", "1").finish(expected=2)
        load(server, "--files", "1").finish(expected=2)
        load(server, "--slow", "10").finish(expected=2)
        load(server, "--groups", "many").finish(expected=2)


if __name__ == "__main__":
    sys.exit(lab.run([chats_and_sends, leaves_and_returns, server_dies, nobody_there], sys.argv[1]))
