// std ADDRESS PORT: the calculator as somebody writes it in Rust for speed, with nothing but its standard library: a
// UdpSocket that blocks, and buffers on the stack. Numbers beyond u128 are limbs of nine digits.
use std::io::Write;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::os::raw::{c_int, c_void};
use std::os::unix::io::AsRawFd;

const REQUEST_MAX: usize = 257;
const REPLY_MAX: usize = 257;
const RESERVED_PORTS_END: u16 = 1024;
const LIMB: u64 = 1_000_000_000;
const LIMB_DIGITS: usize = 9;
const DIGITS_MAX: usize = 256;
const QUEUE: c_int = 1 << 20;
const LIMBS_MAX: usize = DIGITS_MAX / LIMB_DIGITS + 1;

/// An exact number of at most 29 limbs, the least significant first.
struct Natural {
    limbs: [u32; LIMBS_MAX],
    count: usize,
}

impl Natural {
    fn from(mut number: u128) -> Natural {
        let mut natural = Natural { limbs: [0; LIMBS_MAX], count: 0 };
        while number > 0 {
            natural.limbs[natural.count] = (number % LIMB as u128) as u32;
            natural.count += 1;
            number /= LIMB as u128;
        }
        natural
    }

    /// False: it would have more limbs than there are.
    fn multiply(&mut self, factor: u32) -> bool {
        let mut carry = 0u64;
        for limb in &mut self.limbs[..self.count] {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = (carry % LIMB) as u32;
            carry /= LIMB;
        }
        while carry > 0 {
            if self.count == LIMBS_MAX {
                return false;
            }
            self.limbs[self.count] = (carry % LIMB) as u32;
            self.count += 1;
            carry /= LIMB;
        }
        true
    }

    /// Behind the header; the length of the reply.
    fn reply(&self, reply: &mut [u8; REPLY_MAX]) -> usize {
        let mut digits = [b'0'; LIMBS_MAX * LIMB_DIGITS];
        let mut at = digits.len();
        for &limb in &self.limbs[..self.count] {
            let mut rest = limb;
            for _ in 0..LIMB_DIGITS {
                at -= 1;
                digits[at] = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        }
        let first = digits.iter().position(|&d| d != b'0').unwrap_or(digits.len() - 1);
        let digits = &digits[first..];
        if digits.len() > DIGITS_MAX {
            return error(reply);
        }
        reply[0] = 0x80;
        reply[1..=digits.len()].copy_from_slice(digits);
        1 + digits.len()
    }
}

fn error(reply: &mut [u8; REPLY_MAX]) -> usize {
    reply[0] = 0;
    1
}

fn integers(request: &[u8]) -> impl Iterator<Item = u32> + '_ {
    request[1..].chunks_exact(4).map(|c| u32::from_be_bytes([c[0], c[1], c[2], c[3]]))
}

/// A product of more than four integers may not fit 128 bits.
fn big_product(request: &[u8], as_string: bool, reply: &mut [u8; REPLY_MAX]) -> usize {
    let mut natural = Natural::from(1);
    if integers(request).any(|i| i == 0) {
        return answer_number(0, request, as_string, reply);
    }
    let mut part = 1u32; // what is not in the number yet
    for integer in integers(request) {
        part = match part.checked_mul(integer) {
            Some(product) => product,
            None if natural.multiply(part) => integer,
            None => return error(reply),
        };
    }
    if !natural.multiply(part) {
        return error(reply);
    }
    if as_string {
        return natural.reply(reply);
    }
    let (low, high) = (u64::from(natural.limbs[0]), u64::from(natural.limbs[1]));
    if natural.count > 2 {
        return error(reply);
    }
    answer_number(u128::from(high * LIMB + low), request, false, reply)
}

fn answer_number(result: u128, request: &[u8], as_string: bool, reply: &mut [u8; REPLY_MAX]) -> usize {
    if as_string {
        return Natural::from(result).reply(reply);
    }
    let number = match u32::try_from(result) {
        Ok(number) => number,
        Err(_) => return error(reply),
    };
    reply[0] = 0x80;
    reply[1..5].copy_from_slice(&number.to_be_bytes());
    if reply[..5] == *request {
        reply[0] = 0x8E;
    }
    5
}

/// The reply to a request of two octets or more, by the rungs 7 to 12 of the ladder; its length.
fn answer(request: &[u8], reply: &mut [u8; REPLY_MAX]) -> usize {
    let as_string = request[0] & 1 == 1;
    let opcode = request[0] >> 1 & 7;
    if request.len() > REQUEST_MAX || request.len() % 4 != 1 || opcode > 1 {
        return error(reply);
    }
    match opcode {
        0 => answer_number(integers(request).map(u128::from).sum(), request, as_string, reply),
        _ if request.len() > 1 + 4 * 4 => big_product(request, as_string, reply),
        _ => answer_number(integers(request).map(u128::from).product(), request, as_string, reply),
    }
}

/// The library has no word for it; on Linux it is linked with what has.
fn lengthen_queue(socket: &UdpSocket) -> std::io::Result<()> {
    const SOL_SOCKET: c_int = 1;
    const SO_RCVBUF: c_int = 8;
    extern "C" {
        fn setsockopt(fd: c_int, level: c_int, name: c_int, value: *const c_void, size: u32) -> c_int;
    }
    let value: *const c_int = &QUEUE;
    let size = std::mem::size_of::<c_int>() as u32;
    match unsafe { setsockopt(socket.as_raw_fd(), SOL_SOCKET, SO_RCVBUF, value.cast(), size) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

fn serve(address: &str, port: &str) -> Result<(), Box<dyn std::error::Error>> {
    let socket = UdpSocket::bind(SocketAddr::new(address.parse::<IpAddr>()?, port.parse()?))?;
    lengthen_queue(&socket)?;
    let here = socket.local_addr()?;
    println!("listening on [{}]:{}", here.ip(), here.port());
    std::io::stdout().flush()?;
    // One octet more than a request has, so that a longer one shows.
    let mut request = [0; REQUEST_MAX + 1];
    let mut reply = [0; REPLY_MAX];
    loop {
        let (length, peer) = socket.recv_from(&mut request)?;
        if length < 2 || peer.port() < RESERVED_PORTS_END || peer.port() == here.port() {
            continue;
        }
        let reply_length = answer(&request[..length], &mut reply);
        // A reply that the kernel refuses is lost, like one on the wire.
        let _ = socket.send_to(&reply[..reply_length], peer);
    }
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if words.len() != 3 {
        eprintln!("usage: std ADDRESS PORT");
        std::process::exit(1);
    }
    if let Err(error) = serve(&words[1], &words[2]) {
        eprintln!("std: can not serve [{}]:{}: {error}", words[1], words[2]);
        std::process::exit(1);
    }
}
