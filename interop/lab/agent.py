#!/usr/bin/env python3
"""The outer end of the guest's command agent.

agent.py PORT run SECONDS SCRIPT     runs SCRIPT in the guest; its output appears as it comes; exits with its code
agent.py PORT put FILE GUEST-PATH    copies FILE into the guest
agent.py PORT get GUEST-PATH FILE    copies a file out of the guest
Exit code 125: the guest did not answer, or broke off.
"""
import os
import re
import socket
import sys

TRAILER = re.compile(rb"\nLAB EXIT (\d+)\n\Z")
TRAILER_LIMIT = 32          # bytes held back, because they may turn out to be the trailer
GRACE_SECONDS = 20          # over what the guest itself allows


def fail(text):
    print("lab: " + text, file=sys.stderr)
    sys.exit(125)


def receive(connection, out):
    """Copies the answer to OUT and returns the exit code of its last line."""
    held = b""
    while True:
        piece = connection.recv(1 << 16)
        held += piece
        trailer = TRAILER.search(held)
        if trailer:
            out.write(held[:trailer.start()])
            out.flush()
            return int(trailer.group(1))
        if not piece:
            out.write(held)
            fail("the guest broke off")
        out.write(held[:-TRAILER_LIMIT])
        out.flush()
        held = held[-TRAILER_LIMIT:]


def request(port, seconds, head, body, out):
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.settimeout(seconds)
            connection.sendall(head.encode() + b"\n" + body)
            return receive(connection, out)
    except TimeoutError:
        fail("no answer from the guest within %d s" % seconds)
    except OSError as error:
        fail("the guest's agent: %s" % error)


def main():
    if len(sys.argv) != 5 or sys.argv[2] not in ("run", "put", "get"):
        sys.exit(__doc__)
    port, verb, first, second = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    if verb == "run":
        script = second.encode() + b"\n"
        head = "run %d %d" % (len(script), int(first))
        code = request(port, int(first) + GRACE_SECONDS, head, script, sys.stdout.buffer)
    elif verb == "put":
        with open(first, "rb") as file:
            data = file.read()
        code = request(port, 120, "put %d %s" % (len(data), second), data, sys.stdout.buffer)
    else:
        with open(second + ".part", "wb") as file:
            code = request(port, 120, "get " + first, b"", file)
        if code == 0:
            os.replace(second + ".part", second)
        else:
            os.unlink(second + ".part")
            print("lab: the guest has no file " + first, file=sys.stderr)
    sys.exit(code)


main()
