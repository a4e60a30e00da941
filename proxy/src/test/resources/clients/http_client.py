"""Python's http.client, and a WebSocket by hand on its socket. Prints a line for each exchange, then OK.

Argument: the origin.
"""
import base64
import hashlib
import http.client
import os
import struct
import sys
from urllib.parse import urlsplit

ORIGIN = urlsplit(sys.argv[1])
BIG = os.urandom(3_000_000)


def checksum(body):
    return hashlib.sha256(body).hexdigest() if body else "-"


def pattern(length):
    return (b"0123456789abcde\n" * (length // 16 + 1))[:length]


def tell(method, target, status, sent, came):
    print(method, target, status, checksum(sent), checksum(came))


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found} (expected: {expected})")


def ask(connection, method, target, status, sent, expected, **how):
    """`how`: body when it is not simply `sent`, headers."""
    connection.request(method, target, **({"body": sent or None} | how))
    response = connection.getresponse()
    came = response.read()
    check(f"status of {target}", response.status, status)
    check(f"body of {target}", checksum(came), checksum(expected))
    tell(method, target, status, sent, came)
    return response


def pieces(body):
    for start in range(0, len(body), 50_000):
        yield body[start:start + 50_000]


def keep_alive():
    connection = http.client.HTTPConnection(ORIGIN.hostname, ORIGIN.port, timeout=30)
    ask(connection, "POST", "/echo?length", 200, BIG, BIG)
    socket = connection.sock
    ask(connection, "POST", "/echo?chunked", 200, BIG, BIG, body=pieces(BIG), encode_chunked=True,
        headers={"Transfer-Encoding": "chunked"})
    # It does not wait for the 100, but has to pass over it.
    ask(connection, "PUT", "/echo?expect", 200, BIG, BIG, headers={"Expect": "100-continue"})
    ask(connection, "GET", "/bytes?n=1000000", 200, b"", pattern(1_000_000))
    ask(connection, "GET", "/bytes?n=1000000&chunked&trailer", 200, b"", pattern(1_000_000))
    head = ask(connection, "HEAD", "/bytes?n=12345", 200, b"", b"")
    check("Content-Length", head.getheader("Content-Length"), "12345")
    ask(connection, "GET", "/empty", 204, b"", b"")
    check("the same socket", connection.sock is socket, True)
    connection.close()


def frame(opcode, payload):
    mask = os.urandom(4)
    size = len(payload)
    if size < 126:
        length = struct.pack("!B", 0x80 | size)
    elif size < 65536:
        length = struct.pack("!BH", 0xFE, size)
    else:
        length = struct.pack("!BQ", 0xFF, size)
    masked = bytes(octet ^ mask[at % 4] for at, octet in enumerate(payload))
    return bytes([0x80 | opcode]) + length + mask + masked


def read_frame(stream):
    first, size = stream.read(2)
    if size == 126:
        size, = struct.unpack("!H", stream.read(2))
    elif size == 127:
        size, = struct.unpack("!Q", stream.read(8))
    return first, stream.read(size)


def web_socket():
    connection = http.client.HTTPConnection(ORIGIN.hostname, ORIGIN.port, timeout=30)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.request("GET", "/chat", headers={
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key})
    response = connection.getresponse()
    check("status of /chat", response.status, 101)
    accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
    check("Sec-WebSocket-Accept", response.getheader("Sec-WebSocket-Accept"), accept.decode())
    messages = [b"hello", os.urandom(1000), os.urandom(300_000)]
    came = b""
    with connection.sock.makefile("rb") as stream:
        for message in messages:
            connection.sock.sendall(frame(2, message))
            first, payload = read_frame(stream)
            check("type of a frame", first, 0x82)
            check("a message", checksum(payload), checksum(message))
            came += payload
        connection.sock.sendall(frame(8, struct.pack("!H", 1000)))
        check("the close", read_frame(stream), (0x88, struct.pack("!H", 1000)))
        check("what follows the close", stream.read(), b"")
    tell("WEBSOCKET", "/chat", 101, b"".join(messages), came)
    connection.close()


keep_alive()
web_socket()
print("OK")
