#!/bin/sh
# Breaks a copy of proto/ in one way after the other, and expects the proof that is about it to fail each time.
# ONLY=name runs those whose name has it.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
: "${BUILD:=$root/build}" "${CC:=cc}"
mkdir -p "$BUILD/proofs-mutants"
work=$(cd "$BUILD/proofs-mutants" && pwd)
failed=0

# The proof has to see it: mutant PROOF NAME FILE SED
mutant() {
    case $2 in *"${ONLY:-}"*) ;; *) return ;; esac
    rm -rf "$work/proto"
    cp -r "$root/proto" "$work/proto"
    sed -i "$4" "$work/proto/$3"
    if cmp -s "$root/proto/$3" "$work/proto/$3"; then
        echo "not ok $2: the line to break is not there any more"
        failed=1
    elif found=$("prove_$1" "$1" 2>&1); then
        echo "not ok $2: $1 still holds"
        failed=1
    elif printf '%s\n' "$found" | grep -q 'did not end'; then
        echo "not ok $2: $1 did not end in time, which shows nothing"
        failed=1
    else
        printf 'ok %s: %s\n' "$2" "$(printf '%s\n' "$found" | grep -m 1 . | cut -c 1-120)"
    fi
}

with_frama_c() {
    PROOFS=$1 BUILD=$work "$root/tests/proofs/run.sh" "$work"
}
for proof in multiply product requests replies answer chain writer show sums utf8; do
    eval "prove_$proof() { with_frama_c $proof; }"
done

prove_every_v() {
    (cd "$work" && "$CC" -std=c11 -O2 -I. -o every_v "$root/tests/proofs/every_v.c" proto/*.c) || return 0
    "$work/every_v" 0 4096 && "$work/every_v" 4095 4096
}

mutant utf8 'a character that is cut' utf8.h 's/if (length > room)/if (length > room + 1)/'
mutant utf8 'a loop that does not end' utf8.h 's/for (size_t i = 1; i < length; i++)$/for (size_t i = 1; i < length;)/'
mutant sums 'a sum of 32 bits' arithmetic.c 's/uint64_t a = 0, b = 0/uint32_t a = 0, b = 0/'
mutant sums 'a product that is not held down' arithmetic.c '/product = product < too_large/d'
mutant sums 'a limb of ten digits' arithmetic.c 's/(uint32_t)(value % LIMB_BASE)/(uint32_t)(value % (LIMB_BASE + 1))/'
mutant requests 'a request of 261 octets' message.c 's/if (length > CALC_REQUEST_MAX)/if (length > CALC_REQUEST_MAX + 4)/'
mutant requests 'a request of no integers' message.c 's/if (length <= CALC_HEADER_OCTETS)/if (length < CALC_HEADER_OCTETS)/'
mutant replies 'digits up to a colon' message.c 's/return all_digits(digits, count) ? CALC_OK : CALC_REPLY_NOT_DIGITS/return all_digits(digits, count - 1) ? CALC_OK : CALC_REPLY_NOT_DIGITS/'
mutant multiply 'a carry without room' arithmetic.c 's/if (columns == NATURAL_LIMBS)/if (columns > NATURAL_LIMBS)/'
mutant multiply 'a number of 257 digits' arithmetic.c 's/\[NATURAL_LIMBS - 1\] < TOP_LIMB_BASE/[NATURAL_LIMBS - 1] <= TOP_LIMB_BASE/'
mutant chain 'an error of no shape' message.c 's/? REPLY_SUCCESS : 0/? REPLY_SUCCESS : 1/'
mutant chain 'an error that was not set' answer.c '/result.success = false;/d'
mutant writer 'one octet beyond the room' wire.h 's/need > (size_t)(w->end - w->p)/need > (size_t)(w->end - w->p) + 1/'
mutant every_v 'no 8E' answer.c 's/reply\[0\] |= REPLY_UNUSED_LOOP;/reply[0] |= 0;/'
mutant every_v '8E only for small ones' answer.c 's/reply\[0\] == datagram\[0\] &&/reply[0] == datagram[0] \&\& datagram[1] < 128 \&\&/'
[ "$failed" -eq 0 ]
