// Nio ADDRESS PORT: the calculator as somebody writes it in Java for speed, a DatagramChannel of NIO that blocks, with two
// direct buffers that are there from the start. Arithmetic in long as far as it goes, BigInteger beyond. The virtual
// machine compiles what runs often, so the first some hundred thousand requests take longer.
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

final class Nio {
    private static final int REQUEST_MAX = 257;
    private static final int RESERVED_PORTS_END = 1024;
    private static final int QUEUE = 1 << 20;
    private static final long INTEGER_MAX = 0xFFFFFFFFL;
    private static final BigInteger LIMIT = BigInteger.TEN.pow(256);

    // One octet more than a request has, so that a longer one shows.
    private final ByteBuffer request = ByteBuffer.allocateDirect(REQUEST_MAX + 1);
    private final ByteBuffer reply = ByteBuffer.allocateDirect(REQUEST_MAX);

    private long sum(int length) {
        long total = 0; // at most 64 times 2^32
        for (int at = 1; at < length; at += 4)
            total += Integer.toUnsignedLong(request.getInt(at));
        return total;
    }

    private void answerProduct(int length, boolean asString) {
        BigInteger total = null;
        long part = 1; // what is not in the total yet
        for (int at = 1; at < length; at += 4) {
            long factor = Integer.toUnsignedLong(request.getInt(at));
            if (Math.multiplyHigh(part, factor) != 0 || part * factor < 0) {
                total = times(total, part);
                part = 1;
            }
            part *= factor;
        }
        if (total == null)
            answer(part, asString);
        else
            answer(times(total, part), asString);
    }

    private static BigInteger times(BigInteger total, long part) {
        BigInteger factor = BigInteger.valueOf(part);
        return total == null ? factor : total.multiply(factor);
    }

    private void answer(BigInteger result, boolean asString) {
        if (result.bitLength() < Long.SIZE)
            answer(result.longValue(), asString);
        else if (asString && result.compareTo(LIMIT) < 0)
            putDigits(result.toString());
        else
            putError();
    }

    private void answer(long result, boolean asString) {
        if (asString) {
            putDigits(Long.toString(result));
        } else if (result > INTEGER_MAX) {
            putError();
        } else {
            reply.put((byte) 0x80).putInt((int) result);
            if (reply.flip().equals(request))
                reply.put(0, (byte) 0x8E);
            reply.position(reply.limit()).limit(reply.capacity());
        }
    }

    private void putDigits(String digits) {
        reply.put((byte) 0x80).put(digits.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void putError() {
        reply.put((byte) 0);
    }

    // By the rungs 7 to 12 of the ladder.
    private void answer() {
        int length = request.limit();
        int opcode = request.get(0) >> 1 & 7;
        boolean asString = (request.get(0) & 1) == 1;
        if (length > REQUEST_MAX || length % 4 != 1 || opcode > 1)
            putError();
        else if (opcode == 1)
            answerProduct(length, asString);
        else
            answer(sum(length), asString);
    }

    private void serve(DatagramChannel channel, int ownPort) throws IOException {
        for (;;) {
            InetSocketAddress peer = (InetSocketAddress) channel.receive(request.clear());
            int port = peer.getPort();
            if (request.flip().limit() < 2 || port < RESERVED_PORTS_END || port == ownPort)
                continue;
            reply.clear();
            answer();
            channel.send(reply.flip(), peer);
        }
    }

    public static void main(String[] words) {
        if (words.length != 2) {
            System.err.println("usage: Nio ADDRESS PORT");
            System.exit(1);
        }
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET6)) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, QUEUE);
            channel.bind(new InetSocketAddress(InetAddress.getByName(words[0]), Integer.parseInt(words[1])));
            InetSocketAddress here = (InetSocketAddress) channel.getLocalAddress();
            System.out.println("listening on [" + here.getAddress().getHostAddress() + "]:" + here.getPort());
            new Nio().serve(channel, here.getPort());
        } catch (IOException | IllegalArgumentException error) {
            System.err.println("Nio: can not serve [" + words[0] + "]:" + words[1] + ": " + error.getMessage());
            System.exit(1);
        }
    }
}
