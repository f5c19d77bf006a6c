#!/usr/bin/env python3
"""Groups and files between our server and SIPp: a creator and participants that we did not write.

Usage: sipp_test.py <folder of convened and convene>
"""
import sys

import lab


def group_over(programs, transport):
    with lab.Lab(programs) as server:
        bob, dave = lab.free_port(), lab.free_port()
        for user, port in (("bob", bob), ("dave", dave)):
            server.sipp("register", user, transport=transport, port=port).finish()
        members = [
            server.sipp("participant", "bob", "-key", "tags", lab.FT, transport=transport, port=bob, calls=2),  # the chat and the file
            server.sipp("participant", "dave", "-key", "tags", lab.CHAT, transport=transport, port=dave, calls=1),  # the chat alone: R3.5
        ]
        creator = server.sipp("creator", "creator", "-key", "first", "bob", "-key", "second", "dave", transport=transport)
        creator.finish()
        for member in members:
            member.finish()
        server.server.wait_for(r"9\.3\.1 \(2\) not inviting")


def group_over_udp(programs):
    """SIPp creates a group with two SIPps and sends a file, over UDP"""
    group_over(programs, "udp")


def group_over_tcp(programs):
    """SIPp creates a group with two SIPps and sends a file, over TCP"""
    group_over(programs, "tcp")


def adding_and_rejoining(programs):
    """SIPp adds another SIPp by REFER, is told of it by NOTIFY, disconnects and rejoins"""
    with lab.Lab(programs) as server:
        ports = {"bob": lab.free_port(), "dave": lab.free_port()}
        for user, port in ports.items():
            server.sipp("register", user, port=port).finish()
        members = [server.sipp("participant", user, "-key", "tags", lab.CHAT, port=port) for user, port in ports.items()]
        server.sipp("referrer", "creator", "-key", "first", "bob", "-key", "second", "dave").finish()
        for member in members:
            member.finish()


def message_to_list(programs):
    """SIPp sends a message in pager mode to a list; one that is too large gets 413"""
    with lab.Lab(programs) as server:
        ports = {"bob": lab.free_port(), "carol": lab.free_port()}
        for user, port in ports.items():
            server.sipp("register", user, port=port).finish()
        receivers = [server.sipp("pager_receiver", user, port=port) for user, port in ports.items()]
        recipients = ("-key", "first", "bob", "-key", "second", "carol")
        server.sipp("pager_sender", "sender", *recipients, "-key", "padding", " and more").finish()
        for receiver in receivers:
            receiver.finish()
        server.sipp("pager_sender", "sender", *recipients, "-key", "padding", "x" * 1300, transport="tcp").finish()
        server.server.wait_for("9.1.1 message refused: more than pager mode takes")


if __name__ == "__main__":
    sys.exit(lab.run([group_over_udp, group_over_tcp, adding_and_rejoining, message_to_list], sys.argv[1]))
