#!/usr/bin/env python3
"""ask.py ADDRESS PORT REPLY single|merged BURST...: sends bursts of datagrams to an echo, each burst once the replies to
the one before are there. 1,64x13 is one of an octet and 64 of 13; merged, a burst is one send that the kernel takes
apart into pieces of the first one's length. Says nothing if the replies are the right octets, each once: of the
request's length where REPLY is 0, or of REPLY octets."""
import collections
import socket
import sys

SOL_UDP, UDP_SEGMENT = 17, 103


def lengths(burst):
    for word in burst.split(','):
        count, _, length = word.rpartition('x')
        yield from [int(length)] * int(count or 1)


def expected(request, reply):
    return request[:reply].ljust(reply, b'\0') if reply else request


def ask(s, reply, merged, burst):
    requests = [bytes((7 * i + 31 * k + 1) % 256 for i in range(n)) for k, n in enumerate(lengths(burst))]
    if merged:
        s.setsockopt(SOL_UDP, UDP_SEGMENT, len(requests[0]))
        s.send(b''.join(requests))
    else:
        for request in requests:
            s.send(request)
    try:
        replies = [s.recv(65536) for _ in requests]
    except TimeoutError:
        return 'a reply is missing'
    wrong = collections.Counter(replies) - collections.Counter(expected(r, reply) for r in requests)
    if wrong:
        return 'wrong replies: ' + ', '.join(octets.hex() or '(empty)' for octets in wrong)
    return None


def main():
    address, port, reply, how = sys.argv[1:5]
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    s.settimeout(10)
    s.connect((address, int(port)))
    for burst in sys.argv[5:]:
        fault = ask(s, int(reply), how == 'merged', burst)
        if fault:
            sys.exit(f'{burst}: {fault}')
    s.setblocking(False)
    try:
        sys.exit(f'a reply too many: {s.recv(65536).hex()}')
    except BlockingIOError:
        pass


main()
