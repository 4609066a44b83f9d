"""asyncio.py ADDRESS PORT: the calculator as somebody writes it in Python, a DatagramProtocol of asyncio, of the
standard library only. The integers of Python have as many digits as they need. It is run as `python3 -I asyncio.py`:
otherwise this file would be taken for the module of the same name."""
import asyncio
import math
import socket
import struct
import sys

ERROR = b'\x00'
RESERVED_PORTS_END = 1024
LIMIT = 10**256
QUEUE = 1 << 20
REQUEST_ROOM = 258  # one octet more than a request has, so that a longer one shows
INTEGERS = [struct.Struct(f'!{n}I') for n in range(65)]


def answer(data):
    """The reply to a datagram of two octets or more, by the rungs 7 to 12 of the ladder."""
    length = len(data)
    header = data[0]
    opcode = header >> 1 & 7
    if length > 257 or length & 3 != 1 or opcode > 1:
        return ERROR
    integers = INTEGERS[length >> 2].unpack_from(data, 1)
    result = math.prod(integers) if opcode else sum(integers)
    if header & 1:
        return b'\x80%d' % result if result < LIMIT else ERROR
    if result > 0xFFFFFFFF:
        return ERROR
    reply = b'\x80' + result.to_bytes(4, 'big')
    return b'\x8e' + reply[1:] if reply == data else reply


class Calculator(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE)
        # Not documented. By default each datagram gets 256 KiB to begin with, and so takes twice as long.
        transport.max_size = REQUEST_ROOM
        self.own_port = transport.get_extra_info('sockname')[1]

    def datagram_received(self, data, peer):
        port = peer[1]
        if len(data) > 1 and port >= RESERVED_PORTS_END and port != self.own_port:
            self.transport.sendto(answer(data), peer)


async def main():
    if len(sys.argv) != 3:
        sys.exit('usage: asyncio.py ADDRESS PORT')
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await loop.create_datagram_endpoint(Calculator, local_addr=(sys.argv[1], int(sys.argv[2])))
    except (OSError, ValueError) as error:
        sys.exit(f'asyncio.py: can not listen on [{sys.argv[1]}]:{sys.argv[2]}: {error}')
    host, port = transport.get_extra_info('sockname')[:2]
    print(f'listening on [{host}]:{port}', flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
