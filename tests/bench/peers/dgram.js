// dgram.js ADDRESS PORT: the calculator as somebody writes it for Node, with its module dgram alone. Numbers as long
// as they are exact, BigInt beyond. V8 compiles what runs often, so the first some thousand requests take longer.
'use strict';

const dgram = require('dgram');

const ERROR = Buffer.from([0x00]);
const RESERVED_PORTS_END = 1024;
const LIMIT = 10n ** 256n;

// At most 64 times 2^32: always exact.
function sum(data) {
    let total = 0;
    for (let at = 1; at < data.length; at += 4)
        total += data.readUInt32BE(at);
    return total;
}

// A Number where that is exact, else a BigInt.
function product(data) {
    let total = null;
    let part = 1; // what is not in the total yet
    for (let at = 1; at < data.length; at += 4) {
        const factor = data.readUInt32BE(at);
        if (part * factor > Number.MAX_SAFE_INTEGER) {
            total = (total ?? 1n) * BigInt(part);
            part = 1;
        }
        part *= factor;
    }
    if (total === null)
        return part;
    total *= BigInt(part);
    return total <= Number.MAX_SAFE_INTEGER ? Number(total) : total;
}

function asString(result) {
    if (typeof result === 'bigint' && result >= LIMIT)
        return ERROR;
    const digits = result.toString();
    const reply = Buffer.allocUnsafe(1 + digits.length);
    reply[0] = 0x80;
    reply.latin1Write(digits, 1);
    return reply;
}

function asInteger(result, data) {
    if (result > 0xffffffff)
        return ERROR;
    const reply = Buffer.allocUnsafe(5);
    reply[0] = 0x80;
    reply.writeUInt32BE(result, 1);
    if (reply.equals(data))
        reply[0] = 0x8e;
    return reply;
}

// The reply to a datagram of two octets or more, by the rungs 7 to 12 of the ladder.
function answer(data) {
    const opcode = data[0] >> 1 & 7;
    if (data.length > 257 || data.length % 4 !== 1 || opcode > 1)
        return ERROR;
    const result = opcode === 1 ? product(data) : sum(data);
    return data[0] & 1 ? asString(result) : asInteger(result, data);
}

if (process.argv.length !== 4) {
    console.error('usage: dgram.js ADDRESS PORT');
    process.exit(1);
}
const [address, port] = process.argv.slice(2);
// The peer is known by its address: nothing has to be looked up for each reply.
const socket = dgram.createSocket({
    type: 'udp6',
    recvBufferSize: 1 << 20,
    lookup: (host, options, done) => done(null, host, 6),
});
let ownPort;
socket.on('error', (error) => {
    console.error(`dgram.js: can not listen on [${address}]:${port}: ${error.message}`);
    process.exit(1);
});
socket.on('message', (data, peer) => {
    if (data.length > 1 && peer.port >= RESERVED_PORTS_END && peer.port !== ownPort)
        socket.send(answer(data), peer.port, peer.address);
});
socket.bind(Number(port), address, () => {
    ownPort = socket.address().port;
    console.log(`listening on [${socket.address().address}]:${ownPort}`);
});
