-- The calculator protocol of proto/PROTOCOL.md in Wireshark and tshark, 4.0 and later (Lua 5.2 to 5.4):
-- every field, which reply belongs to which request, and what is wrong, with the clause. It is one file,
-- because that is what is easy to install. Sections 1 to 3 are plain Lua over octets; only 4 to 7 know
-- Wireshark.

-- Installed, and named with -X lua_script as well: once is enough.
if Dissector then
    local known, dissector = pcall(Dissector.get, "calc6")
    if known and dissector then
        return
    end
end

------------------------------------------------------------------------------------------------------
-- 1. Octets and numbers. Lua 5.2 has doubles only, so nothing here goes beyond 2^53, and a product is
--    kept in limbs of six digits: 999999 * 4294967295 still fits.
------------------------------------------------------------------------------------------------------

local INTEGERS_MAX, DIGITS_MAX, REQUEST_MAX = 64, 256, 257
local LIMB = 1000000

-- The octets of s from offset on (counted from 0) as a number, in network byte order (REQ-3.3).
local function big_endian(s, offset, length)
    local n = 0
    for i = offset + 1, offset + length do
        n = n * 256 + s:byte(i)
    end
    return n
end

local function little_endian(s, offset, length)
    return big_endian(s:sub(offset + 1, offset + length):reverse(), 0, length)
end

-- The number in four octets, network byte order.
local function four_octets(n)
    local text = ""
    for _ = 1, 4 do
        text = string.char(n % 256) .. text
        n = math.floor(n / 256)
    end
    return text
end

local function hex(s)
    return (s:gsub(".", function(c) return ("%02X "):format(c:byte()) end):sub(1, -2))
end

-- Exact, as digits without leading zeros (REQ-6.5).
local function sum(integers)
    local total = 0
    for _, n in ipairs(integers) do
        total = total + n
    end
    return ("%.0f"):format(total)
end

-- Exact, as digits without leading zeros (REQ-6.6), up to 617 of them.
local function product(integers)
    local limbs = { 1 }
    for _, n in ipairs(integers) do
        local carry = 0
        for i, limb in ipairs(limbs) do
            local x = limb * n + carry
            limbs[i] = x % LIMB
            carry = math.floor(x / LIMB)
        end
        while carry > 0 do
            limbs[#limbs + 1] = carry % LIMB
            carry = math.floor(carry / LIMB)
        end
    end
    local text = ""
    for _, limb in ipairs(limbs) do
        text = ("%06d"):format(limb) .. text
    end
    return (text:gsub("^0+(.)", "%1"))
end

local function evaluate(opcode, integers)
    return opcode == 0 and sum(integers) or product(integers)
end

local function fits_integer(digits)
    return #digits < 10 or #digits == 10 and digits <= "4294967295"
end

-- What is left of a decimal number in 32 bits.
local function wrapped(digits)
    local rest = 0
    for digit in digits:gmatch("%d") do
        rest = (rest * 10 + tonumber(digit)) % 4294967296
    end
    return ("%.0f"):format(rest)
end

local function append(list, others)
    for _, each in ipairs(others) do
        list[#list + 1] = each
    end
end

local function plural(n, word)
    return ("%d %s%s"):format(n, word, n == 1 and "" or "s")
end

------------------------------------------------------------------------------------------------------
-- 2. Requests: what the octets say, what is wrong with them, and the reply that they have to get. A
--    finding is { name of an expert entry, text }; the names are in section 4.
------------------------------------------------------------------------------------------------------

-- octets: what was captured of a datagram that had length octets when it was sent.
local function read_request(octets, length)
    local header = octets:byte(1) or 0
    local request = {
        octets = octets, length = length,
        header = header,
        unused = math.floor(header / 16), opcode = math.floor(header / 2) % 8, format = header % 2,
        count = math.max(math.floor((length - 1) / 4), 0), integers = {}, swapped = {},
    }
    local readable = math.max(math.floor((#octets - 1) / 4), 0)
    for i = 1, math.min(readable, INTEGERS_MAX) do
        request.integers[i] = big_endian(octets, 4 * i - 3, 4)
        request.swapped[i] = little_endian(octets, 4 * i - 3, 4)
    end
    request.left_over = 1 + 4 * #request.integers
    return request
end

-- The payload where it is what a person typed, and not integers.
local function typed_text(request)
    return #request.octets == request.length and request.octets:match("^([0-9][0-9 ,+-]*)[\0\n]?$", 2) or nil
end

-- Does an octet that counts the integers stand before them?
local function has_count(request)
    return request.length % 4 == 2 and request.octets:byte(2) == request.count
end

-- The expert entry and the words of what makes a server refuse it, the ladder of section 6, and perhaps a hint
-- at the mistake behind it. nil: nothing does.
local function refusal(request)
    local payload = request.length - 1
    if request.length == 0 then
        return "malformed.empty", "a datagram of 0 octets is no request and gets no reply (REQ-6.1)"
    elseif payload == 0 then
        return "malformed.no_integers", "no integers: a datagram of 1 octet is no request and gets no reply (REQ-6.1)"
    elseif request.length > REQUEST_MAX then
        return "malformed.too_long", ("%d octets of payload: 256 octets, %d integers, are the most (REQ-4.5, REQ-6.2)")
            :format(payload, INTEGERS_MAX)
    elseif payload % 4 ~= 0 then
        local hint, text = "", typed_text(request)
        if text then
            hint = ("; the octets are the text '%s': an integer is 32 bits (REQ-3.3)"):format(text)
        elseif has_count(request) then
            hint = "; is the first octet of payload a count? The length alone tells how many integers there are"
        elseif request.length % 4 == 0 and request.octets:sub(2, 5) == "\0\0\0\0" then
            hint = "; the zeros behind the header look like a C structure that was sent with its padding"
        elseif request.length % 4 == 0 and request.octets:find("^\0\0\0[^\0]") then
            hint = "; is the header missing? The first four octets would be an integer"
        elseif request.length % 4 == 0 then
            hint = "; the header is 1 octet: is there padding behind it, or a header of 4 octets, or none?"
        elseif payload % 4 == 1 and request.octets:find("[\0\n]$") then
            hint = "; the last octet is a " .. (request.octets:find("\n$") and "newline" or "NUL")
        end
        return "malformed.not_whole", ("%s of payload: that is not a whole number of 32-bit integers "
            .. "(REQ-4.5, REQ-6.3)"):format(plural(payload, "octet")), hint
    elseif request.opcode > 1 then
        local hint = ""
        if request.octets:find("^[-+*0-9xs]") then
            hint = ("; the header is the character '%s': it has to be bits"):format(request.octets:sub(1, 1))
        elseif request.unused == 0 then
            hint = "; the opcode is in the bits 4 to 6 from the left (mask 0E), so the header of a product is 02 or 03"
        end
        return "malformed.opcode", ("opcode %d is not defined: 0 is the sum, 1 is the product (REQ-4.3, REQ-6.4)")
            :format(request.opcode), hint
    end
end

-- What makes a server refuse it, as a finding, or nil.
local function malformed(request)
    local name, why, hint = refusal(request)
    return name and { name, why .. (hint or "") }
end

-- Where all integers are of one or two octets, the octets the other way round: the place of the first that
-- is not 0. It can be meant so; hence "looks like".
local function little_endian_at(request)
    local at
    for i, n in ipairs(request.swapped) do
        if n > 65535 or n > 0 and n % 256 == 0 then
            return nil
        end
        at = at or n > 0 and i or nil
    end
    return at
end

local function trailing_zeros(integers)
    local zeros = 0
    while zeros < #integers and integers[#integers - zeros] == 0 do
        zeros = zeros + 1
    end
    return zeros
end

-- Is each second integer 0, and none between them, for at least two pairs?
local function is_64_bits(integers)
    local high = integers[1] == 0 and 1 or 0 -- half of each pair: the odd places, or the even ones
    for i, n in ipairs(integers) do
        if (n == 0) ~= (i % 2 == high) then
            return false
        end
    end
    return #integers >= 4 and #integers % 2 == 0
end

-- What is odd about a request, beside what makes a server refuse it.
local function suspicions(request)
    local findings = {}
    if request.unused ~= 0 then
        local hint = ""
        if request.unused == 8 then
            hint = "; 80 is the bit S of a reply, or F in the wrong place (mask 01)"
        elseif request.header % 16 == 0 then
            hint = "; from the left, the bits 0 to 3 are Unused, 4 to 6 the opcode (mask 0E), 7 is F (mask 01)"
        end
        findings[1] = { "suspect.unused", ("unused bits are set, to %d: a client sends zero (REQ-4.2)%s")
            :format(request.unused, hint) }
    end
    local at = not has_count(request) and little_endian_at(request)
    if at then
        findings[#findings + 1] = { "suspect.byte_order", ("%d looks like %d in little-endian order: "
            .. "the most significant octet is sent first, see htonl(3) (REQ-3.3)")
            :format(request.integers[at], request.swapped[at]) }
    end
    local text = typed_text(request)
    if text and request.length % 4 == 1 then
        findings[#findings + 1] = { "suspect.text", ("the octets are the text '%s': an integer is 32 bits, "
            .. "see strtoul(3) and htonl(3) (REQ-3.3)"):format(text) }
    end
    if is_64_bits(request.integers) then
        findings[#findings + 1] = { "suspect.width",
            "each second integer is 0: were integers of 64 bits sent? They have 32, uint32_t (REQ-3.3)" }
    end
    local zeros = trailing_zeros(request.integers)
    if zeros >= 8 then
        findings[#findings + 1] = { "suspect.length", ("the last %d of %d integers are 0: was a whole array sent, "
            .. "and not what is in use of it? The length tells how many integers there are (REQ-4.5)")
            :format(zeros, #request.integers) }
    end
    return findings
end

-- What a server has to make of a request: the exact digits, why they can not be a result, and the octets
-- of the reply: "" for none, nil where the capture has too little of the request to tell.
local function work_out(request)
    local _, why = refusal(request)
    local want = { why = why, octets = why and (request.length > 1 and "\0" or "") }
    if why or #request.octets < request.length then
        return want
    end
    want.digits = evaluate(request.opcode, request.integers)
    if request.format == 0 and not fits_integer(want.digits) then
        want.why = "the result is above 4294967295, the largest integer (REQ-6.7)"
    elseif #want.digits > DIGITS_MAX then
        want.why = ("the result has %d digits, more than %d (REQ-6.8)"):format(#want.digits, DIGITS_MAX)
    end
    if want.why then
        want.octets, want.overflow = "\0", true
        return want
    end
    local payload = request.format == 0 and four_octets(tonumber(want.digits)) or want.digits
    want.octets = "\128" .. payload
    if want.octets == request.octets then
        want.octets = "\142" .. payload -- 8E: REQ-7.1
    end
    return want
end

-- The same, worked out once for each request.
local function expectation(request)
    request.want = request.want or work_out(request)
    return request.want
end

------------------------------------------------------------------------------------------------------
-- 3. Replies: what the octets say, next to the request, and what is wrong with them.
------------------------------------------------------------------------------------------------------

-- The payload as a string of digits: how many octets of it are digits, and what follows them.
local function read_digits(payload)
    local digits = payload:match("^%d*")
    return digits, payload:sub(#digits + 1)
end

-- A number as it can stand in a sentence: the tree cuts those of more than some 200 characters.
local function brief(digits)
    return #digits > 24 and ("%s...%s (%d digits)"):format(digits:sub(1, 12), digits:sub(-4), #digits) or digits
end

-- What another number than the expected one may come from; "" where nothing is known.
local function origin(number, request, want)
    local swapped = wrapped(evaluate(request.opcode, request.swapped))
    if number == "0" and request.opcode == 1 then
        return "; a product begins with 1, not with 0"
    elseif number == evaluate(1 - request.opcode, request.integers) then
        return "; that is their " .. (request.opcode == 0 and "product" or "sum")
    elseif number == swapped or number == evaluate(request.opcode, request.swapped) then
        return "; the integers were read in little-endian order, see ntohl(3) (REQ-3.3)"
    elseif number == ("%.0f"):format(little_endian(four_octets(tonumber(swapped)), 0, 4)) then
        return "; the integers were read, and the result sent, in little-endian order, see ntohl(3) (REQ-3.3)"
    elseif number == wrapped(want.digits) then
        return "; the right result, wrapped round at 32 bits (REQ-6.5, REQ-6.6)"
    elseif #want.digits <= 10 and tonumber(number) == tonumber(want.digits) % 65536 then
        return "; that is what 16 bits hold of it"
    elseif #request.integers > 1 then
        local fewer = { table.unpack(request.integers, 1, #request.integers - 1) }
        if number == evaluate(request.opcode, fewer) then
            return "; the last integer was left out"
        end
    end
    if #number == #want.digits and #number > 24 then
        local at = 1
        while number:byte(at) == want.digits:byte(at) do
            at = at + 1
        end
        return ("; digit %d is the first that is wrong"):format(at)
    end
    return ""
end

local function judge_number(number, clause, request, want)
    return { "wrong.result", ("the result is %s, expected is %s (%s)%s")
        :format(brief(number), brief(want.digits), clause, origin(number, request, want)) }
end

-- Where an integer was asked for.
local function not_four_octets(payload, hint)
    return { "wrong.length", ("%s of payload: an integer has exactly 4 (REQ-5.3)%s")
        :format(plural(#payload, "octet"), hint) }
end

-- S=1 where an integer was asked for: exactly four octets (REQ-5.3).
local function judge_integer(payload, request, want)
    local digits, rest = read_digits(payload)
    local ascii = #digits > 0 and rest:find("^\0*$")
    if ascii and (#payload ~= 4 or digits == want.digits) then
        return { "wrong.form", ("the ASCII digits %s: F=0 asks for the integer, four octets (REQ-5.3)")
            :format(brief(digits)) }
    elseif #payload ~= 4 then
        local hint = ""
        local right = four_octets(tonumber(want.digits))
        if #payload == 7 and payload:sub(-4) == right:reverse() then
            hint = "; the last four are the right result in little-endian order (REQ-3.3): a padded structure?"
        elseif payload:sub(1, 4) == right then
            hint = "; the first four are the right result: is this sizeof a structure or a buffer?"
        elseif payload:sub(-4) == right then
            hint = "; the last four are the right result: a padded structure, or an integer of 64 bits?"
        elseif payload:sub(1, 4) == right:reverse() then
            hint = "; the first four are the right result in little-endian order (REQ-3.3)"
        end
        return not_four_octets(payload, hint)
    end
    local number = ("%.0f"):format(big_endian(payload, 0, 4))
    if ("%.0f"):format(little_endian(payload, 0, 4)) == want.digits then
        return { "wrong.byte_order", ("%s is %s in little-endian order: the most significant octet is sent first, "
            .. "see htonl(3) (REQ-3.3)"):format(number, want.digits) }
    end
    return judge_number(number, "REQ-5.3", request, want)
end

-- What an octet that is no digit is, where that is known.
local function octet_name(octet)
    if octet < 10 then
        return (", the number %d (see '0' + %d),"):format(octet, octet)
    elseif octet == 0x0A or octet == 0x0D or octet == 0x20 then
        return octet == 0x20 and ", a space," or ", the end of a line,"
    elseif octet > 0x20 and octet < 0x7F then
        return (", the character '%s',"):format(string.char(octet))
    end
    return ""
end

-- S=1 where a string was asked for: 1 to 256 digits and nothing else (REQ-5.4). Returns findings.
local function judge_digits(payload)
    local findings = {}
    local digits, rest = read_digits(payload)
    if payload == "" then
        findings[1] = { "wrong.length", "no digits: a string has 1 to 256 (REQ-5.4)" }
    elseif digits ~= "" and rest:find("^\0+$") then
        findings[1] = { "wrong.nul", ("%s behind the digits: the length of the datagram ends them, see strlen(3) "
            .. "(REQ-5.4)"):format(#rest == 1 and "a NUL" or #rest .. " NULs") }
    elseif payload:find("^%-%d") then
        findings[1] = { "wrong.form", "a minus sign: integers are unsigned (REQ-3.3), and a string has digits only "
            .. "(REQ-5.4)" }
    elseif rest ~= "" then
        findings[1] = { "wrong.form", ("octet %s%s is no digit: a string has digits only (REQ-5.4)")
            :format(hex(rest:sub(1, 1)), octet_name(rest:byte(1))) }
    end
    if #payload > DIGITS_MAX then
        findings[#findings + 1] = { "wrong.length", ("%d octets of payload: a string has at most %d (REQ-5.4)")
            :format(#payload, DIGITS_MAX) }
    end
    return findings
end

local function judge_string(payload, request, want)
    if #payload == 4 and fits_integer(want.digits)
        and (big_endian(payload, 0, 4) == tonumber(want.digits)
            or little_endian(payload, 0, 4) == tonumber(want.digits)) then
        return { { "wrong.form", "the result as an integer: F=1 asks for it as decimal digits (REQ-5.4)" } }
    end
    local findings = judge_digits(payload)
    local digits = read_digits(payload)
    if digits:find("^0%d") then
        findings[#findings + 1] = { "open.leading_zeros", "leading zeros: a server sends none (REQ-5.4)" }
    end
    local number = digits:gsub("^0+(%d)", "%1")
    if number ~= "" and number ~= want.digits then
        findings[#findings + 1] = judge_number(number, "REQ-5.4", request, want)
    end
    return findings
end

-- S=1 where a server of this specification sends an error, and the published text leaves open what to do: a
-- result that does not fit. The form is not left open.
local function judge_overflow(payload, request, want)
    local number = read_digits(payload)
    local findings = {}
    if request.format == 1 then
        findings = judge_digits(payload)
    elseif #payload == 4 then
        number = ("%.0f"):format(big_endian(payload, 0, 4))
    else
        findings[1] = not_four_octets(payload, "")
    end
    local how = number == wrapped(want.digits) and "; it wrapped round at 32 bits" or ""
    findings[#findings + 1] = { "open.overflow", ("success, but %s%s"):format(want.why, how) }
    return findings
end

-- S=1: findings.
local function judge_success(payload, request, want)
    if want.overflow then
        return judge_overflow(payload, request, want)
    elseif want.why and refusal(request) == "malformed.opcode" then
        return { { "wrong.status", "success (S=1), but the request has to get an error: " .. want.why } }
    elseif want.why then
        return { { "open.status", "success (S=1), and not an error: " .. want.why } }
    elseif payload == want.octets:sub(2) then
        return {}
    elseif request.format == 0 then
        return { judge_integer(payload, request, want) }
    end
    return judge_string(payload, request, want)
end

-- S=0: findings.
local function judge_error(octets, request, want)
    local findings = {}
    if want.octets == "\0" then
        findings[1] = { "error_reply", "an error, as it has to be: " .. want.why }
    else
        local hint = ""
        local right_payload = octets:sub(2) == want.octets:sub(2)
        if octets == request.octets then
            hint = "; it is the request itself: an echo?"
        elseif octets:byte(1) ~= 0 and (right_payload or octets:byte(1) == 1) then
            hint = ("; S is the first bit, so success is 80 and not %s"):format(hex(octets:sub(1, 1)))
        elseif right_payload then
            hint = "; the payload is that result, so only the status is wrong"
        end
        findings[1] = { "wrong.status", ("an error (S=0), but the request has a result, %s (REQ-5.1)%s")
            :format(brief(want.digits), hint) }
    end
    if #octets > 1 then
        findings[2] = { "open.error_payload", ("%s of payload in an error: a server sends none, a client ignores them "
            .. "(REQ-5.5, REQ-5.6)"):format(plural(#octets - 1, "octet")) }
    end
    return findings
end

local function judge_unused(octets, request, want)
    local unused = octets:byte(1) % 128
    if octets:sub(1, 1) == want.octets:sub(1, 1) then
        return
    elseif octets == request.octets and want.octets:byte(1) == 0x8E then
        return { "open.loop", "the reply equals its request, so two servers could go on for ever: its header has to "
            .. "be 8E (REQ-7.1)" }
    elseif unused ~= 0 then
        return { "open.unused", ("unused bits are set, to %d: a server sends zero, a client ignores them (REQ-5.2)")
            :format(unused) }
    end
end

-- The findings about a whole reply of at least one octet to a whole request.
local function judge_reply(octets, request, want)
    local findings
    if want.octets == "" then
        return { { "open.unasked", "a reply, but " .. want.why } }
    elseif #want.octets > 1 and octets == want.octets:sub(2) then
        return { { "wrong.form", "the result without a header: a reply begins with the octet that has S (REQ-5.1)" } }
    elseif octets:byte(1) < 128 then
        findings = judge_error(octets, request, want)
    else
        findings = judge_success(octets:sub(2), request, want)
    end
    findings[#findings + 1] = judge_unused(octets, request, want)
    if request.policy then
        findings[#findings + 1] = { "open.unasked", "a reply, but a server gives none by default: " .. request.policy }
    end
    return findings
end

------------------------------------------------------------------------------------------------------
-- 4. The names: fields, expert entries, preferences.
------------------------------------------------------------------------------------------------------

local calc6 = Proto("calc6", "calc6, a calculator over UDP")
-- UDP hands on no datagram without octets, so these are found after all else.
local post = Proto("calc6_empty", "calc6, datagrams of 0 octets")

local OPCODES = { [0] = "sum", [1] = "product" }
for opcode = 2, 7 do
    OPCODES[opcode] = "not defined"
end

local field = {
    unused = ProtoField.uint8("calc6.unused", "Unused", base.DEC, nil, 0xF0, "PROTOCOL.md, section 4"),
    opcode = ProtoField.uint8("calc6.opcode", "Opcode", base.DEC, OPCODES, 0x0E, "REQ-4.3"),
    format = ProtoField.uint8("calc6.format", "F", base.DEC, { [0] = "as an integer", [1] = "as a string" }, 0x01,
        "The form that the result is asked for in, REQ-4.4"),
    count = ProtoField.uint32("calc6.count", "Count", base.DEC, nil, nil, "How many integers there are"),
    integer = ProtoField.uint32("calc6.integer", "Integer", base.DEC, nil, nil, "REQ-4.5"),
    status = ProtoField.uint8("calc6.status", "S", base.DEC, { [0] = "error", [1] = "success" }, 0x80, "REQ-5.1"),
    reply_unused = ProtoField.uint8("calc6.unused", "Unused", base.DEC, nil, 0x7F, "REQ-5.2"),
    result = ProtoField.uint32("calc6.result", "Result", base.DEC, nil, nil, "Where F=0 in the request, REQ-5.3"),
    result_string = ProtoField.string("calc6.result.string", "Result", base.ASCII,
        "Where F=1 in the request, REQ-5.4"),
    undecoded = ProtoField.bytes("calc6.undecoded", "Undecoded", base.SPACE, "Octets that are no field"),
    expected = ProtoField.string("calc6.expected", "Expected", base.ASCII,
        "The exact result, worked out from the request"),
    response_in = ProtoField.framenum("calc6.response_in", "Response in", base.NONE, frametype.RESPONSE),
    response_to = ProtoField.framenum("calc6.response_to", "Response to", base.NONE, frametype.REQUEST),
    time = ProtoField.relative_time("calc6.time", "Time", "From the request to this reply"),
    outstanding = ProtoField.uint32("calc6.conversation.outstanding", "Outstanding", base.DEC, nil, nil,
        "Requests without a reply in this UDP stream, after this datagram"),
}
calc6.fields = {}
for _, each in pairs(field) do
    table.insert(calc6.fields, each)
end

-- Name, group, severity, text. An error breaks what is published, or is a request that can not be
-- answered; a warning breaks what is settled, or looks wrong; a note is worth a look.
local EXPERTS = {
    { "malformed.opcode", "MALFORMED", "ERROR", "Unknown opcode (REQ-4.3, REQ-6.4)" },
    { "malformed.not_whole", "MALFORMED", "ERROR", "Length not whole (REQ-4.5, REQ-6.3)" },
    { "malformed.too_long", "MALFORMED", "ERROR", "Too long (REQ-4.5, REQ-6.2)" },
    { "malformed.no_integers", "MALFORMED", "ERROR", "No integers (REQ-4.5, REQ-6.1)" },
    { "malformed.empty", "MALFORMED", "ERROR", "0 octets (REQ-6.1)" },
    { "suspect.unused", "PROTOCOL", "WARN", "Unused bits set (REQ-4.2)" },
    { "suspect.byte_order", "PROTOCOL", "WARN", "Integers look little-endian (REQ-3.3)" },
    { "suspect.text", "PROTOCOL", "WARN", "Integers look like text (REQ-3.3)" },
    { "suspect.width", "PROTOCOL", "NOTE", "Integers look like 64 bits each (REQ-3.3)" },
    { "suspect.length", "PROTOCOL", "NOTE", "Many zeros at the end (REQ-4.5)" },
    { "wrong.result", "PROTOCOL", "ERROR", "Wrong result (REQ-5.3, REQ-5.4)" },
    { "wrong.byte_order", "PROTOCOL", "ERROR", "Result in little-endian order (REQ-3.3)" },
    { "wrong.form", "PROTOCOL", "ERROR", "Wrong form (REQ-5.3, REQ-5.4)" },
    { "wrong.nul", "PROTOCOL", "ERROR", "NUL behind the digits (REQ-5.4)" },
    { "wrong.length", "PROTOCOL", "ERROR", "Wrong length of a reply (REQ-5.3, REQ-5.4)" },
    { "wrong.status", "PROTOCOL", "ERROR", "Wrong status (REQ-5.1)" },
    { "wrong.empty", "PROTOCOL", "ERROR", "A reply of 0 octets (REQ-5.1)" },
    { "open.leading_zeros", "PROTOCOL", "WARN", "Leading zeros (REQ-5.4)" },
    { "open.overflow", "PROTOCOL", "WARN", "A result that does not fit (REQ-6.7, REQ-6.8)" },
    { "open.error_payload", "PROTOCOL", "WARN", "An error with a payload (REQ-5.5)" },
    { "open.unused", "PROTOCOL", "WARN", "Unused bits set in a reply (REQ-5.2)" },
    { "open.loop", "PROTOCOL", "WARN", "The reply equals its request (REQ-7.1)" },
    { "open.status", "PROTOCOL", "WARN", "Success where an error is due (REQ-6.2, REQ-6.3)" },
    { "open.unasked", "PROTOCOL", "WARN", "A reply where none is due (REQ-6.1)" },
    { "pairing.in_flight", "SEQUENCE", "WARN", "Two requests in flight on one port (REQ-8.1)" },
    { "pairing.ambiguous", "SEQUENCE", "WARN", "Which request this answers is not certain (REQ-8.1)" },
    { "pairing.retransmission", "SEQUENCE", "NOTE", "Retransmission (REQ-8.2, REQ-8.4)" },
    { "pairing.duplicate", "SEQUENCE", "NOTE", "Another reply to the same request (REQ-3.1)" },
    { "pairing.no_request", "SEQUENCE", "WARN", "A reply without a request (REQ-3.2)" },
    { "pairing.no_reply", "SEQUENCE", "NOTE", "A request without a reply (REQ-8.4)" },
    { "pairing.other_address", "SEQUENCE", "WARN", "A reply from another address (REQ-3.4)" },
    { "pairing.other_port", "SEQUENCE", "WARN", "A reply from another port (REQ-3.4)" },
    { "error_reply", "RESPONSE_CODE", "NOTE", "Error reply (REQ-5.1)" },
    { "policy", "SEQUENCE", "NOTE", "Gets no reply, by where it is from or sent to (REQ-6.9, REQ-7.3)" },
    { "unreachable", "RESPONSE_CODE", "WARN", "ICMP says that it did not arrive (REQ-8.5)" },
    { "cut", "UNDECODED", "NOTE", "The capture has only a part of it (REQ-3.5)" },
}
local expert_entry = {}
calc6.experts = {}
for i, each in ipairs(EXPERTS) do
    local name, group, severity, text = each[1], each[2], each[3], each[4]
    expert_entry[name] = ProtoExpert.new("calc6." .. name, text, expert.group[group], expert.severity[severity])
    calc6.experts[i] = expert_entry[name]
end

calc6.prefs.ports = Pref.range("Ports of servers", "10000",
    "A datagram to one of these is a request, one from there is a reply", 65535)
calc6.prefs.heuristic = Pref.bool("Guess on other ports", false,
    "Take a UDP datagram for a request where it can be one, and what comes back for the reply")

------------------------------------------------------------------------------------------------------
-- 5. Conversations: which reply belongs to which request. A reply carries nothing that tells, so replies
--    are taken in the order of the requests within a UDP stream, and what is not certain is said.
------------------------------------------------------------------------------------------------------

-- A request that has waited longer (in seconds), or behind which there are so many more, is given up: it is
-- not counted as in flight any more.
local PATIENCE, LINE_MAX = 60, 256

local streams   -- "client port server port" -> { open = requests in order, refused = how many of
                -- them ICMP has called unreachable, given_up = others in order, last = the one answered last }
local tries     -- "client server octets" -> the latest request with these octets, on any port
local asked     -- "client port" -> the latest request from there, to any address
local servers   -- "address port" -> the frame in which the heuristic has found it
local datagrams -- "frame offset" -> what is known of the datagram there
local hosts     -- the addresses, and by the name of each, which change as names are resolved, their numbers

local function forget()
    streams, tries, asked, servers, datagrams, hosts = {}, {}, {}, {}, {}, { by_name = {} }
end
calc6.init = forget
forget()

-- A number for an address, whatever name it is shown by.
local function host(address)
    local name = tostring(address)
    for _, number in ipairs(hosts.by_name[name] or {}) do
        if hosts[number] == address then
            return number
        end
    end
    local number = #hosts + 1
    for i, each in ipairs(hosts) do
        number = each == address and i or number
    end
    hosts[number] = address
    hosts.by_name[name] = hosts.by_name[name] or {}
    table.insert(hosts.by_name[name], number)
    return number
end

local function key(...)
    return table.concat({ ... }, " ")
end

-- The two sides of a datagram, and keys of the tables above.
local function parties(pinfo, is_request)
    local client, server, client_port, server_port = host(pinfo.src), host(pinfo.dst), pinfo.src_port, pinfo.dst_port
    if not is_request then
        client, server, client_port, server_port = server, client, server_port, client_port
    end
    return {
        client = client, server = server, client_port = client_port, server_port = server_port,
        server_address = is_request and pinfo.dst or pinfo.src,
        client_key = key(client, client_port), stream_key = key(client, client_port, server, server_port),
    }
end

local function try_of(who, octets)
    return key(who.client, who.server, who.server_port, octets)
end

local function stream_of(who)
    local stream = streams[who.stream_key]
    if not stream then
        stream = { open = {}, refused = 0, given_up = {} }
        streams[who.stream_key] = stream
    end
    return stream
end

-- Takes a request from those that wait.
local function leave(stream, place)
    local request = table.remove(stream.open, place)
    if request.unreachable_in then
        stream.refused = stream.refused - 1
    end
    return request
end

-- Gives up what has waited too long; returns how many requests wait, but those that ICMP has called
-- unreachable.
local function in_flight(stream, now)
    while stream.open[1] and (now - stream.open[1].at > PATIENCE or #stream.open > LINE_MAX) do
        table.insert(stream.given_up, leave(stream, 1))
        if #stream.given_up > LINE_MAX then
            table.remove(stream.given_up, 1)
        end
    end
    return #stream.open - stream.refused
end

-- Which they are.
local function likely_ones(stream)
    local likely = {}
    for _, request in ipairs(stream.open) do
        if not request.unreachable_in then
            likely[#likely + 1] = request
        end
    end
    return likely
end

local function note(datagram, name, text, ...)
    table.insert(datagram.findings, { name, text:format(...) })
end

-- A request, in its place among the others.
local function note_request(datagram, who)
    local request, stream = datagram.request, stream_of(who)
    local waiting = in_flight(stream, request.at)
    local try_key = try_of(who, request.octets)
    local earlier = tries[try_key]
    if earlier and (earlier.response_in or request.at - earlier.at > PATIENCE) or #request.octets < request.length then
        earlier = nil
    end
    if earlier and earlier.who.client_port == who.client_port then
        note(datagram, "pairing.retransmission", "the request of frame %d again, from the same port: each try leaves "
            .. "from a fresh one (REQ-8.2)", earlier.frame)
    elseif earlier then
        note(datagram, "pairing.retransmission", "the request of frame %d again, %.3f s later, from a fresh port "
            .. "(REQ-8.2, REQ-8.4)", earlier.frame, request.at - earlier.at)
    end
    if earlier then
        earlier.again_in = request.frame
        datagram.tag = ("[retransmission of %d]"):format(earlier.frame)
    elseif waiting > 0 then
        note(datagram, "pairing.in_flight", "frame %d on the same port has no reply yet: replies can be told apart "
            .. "by their order only (REQ-8.1)", stream.open[#stream.open].frame)
        datagram.tag = ("[%d in flight]"):format(waiting + 1)
    end
    if #request.octets == request.length then
        tries[try_key] = request
    end
    asked[who.client_key] = request
    request.who = who
    -- A datagram without an integer gets no reply, so none is waited for.
    if request.length > 1 then
        table.insert(stream.open, request)
    end
    datagram.outstanding = in_flight(stream, request.at)
end

local function is_right(octets, request)
    return expectation(request).octets == octets
end

-- Which of these the reply is right for: the first.
local function first_right(requests, octets)
    for _, request in ipairs(requests) do
        if is_right(octets, request) then
            return request
        end
    end
end

-- Takes a request from those in flight.
local function answer(datagram, stream, request, octets)
    datagram.request, stream.last = request, request
    request.response_in, request.reply = datagram.frame, octets
    for place, each in ipairs(stream.open) do
        if each == request then
            leave(stream, place)
            break
        end
    end
end

-- Replies that could be to others as well: later requests, or once more the last one.
local function note_certainty(datagram, likely, last, octets)
    if #likely > 1 then
        local frames = {}
        for i = 1, math.min(#likely, 6) do
            frames[i] = ("%d"):format(likely[i].frame)
        end
        note(datagram, "pairing.ambiguous", "could answer any of the %d requests in flight on this port (REQ-8.1), "
            .. "frames %s%s; taken was %s", #likely, table.concat(frames, ", "), #likely > 6 and ", ..." or "",
            datagram.request == likely[1] and "the first" or "the first that it is right for")
        datagram.tag = "[ambiguous]"
    elseif last and last.reply == octets and not is_right(octets, datagram.request) then
        note(datagram, "pairing.ambiguous", "the octets of frame %d once more: a duplicate of that, or the wrong reply "
            .. "to frame %d (REQ-3.1)", last.response_in, datagram.request.frame)
        datagram.tag = "[ambiguous]"
    end
end

-- How a payload reads in either form, for want of a request that says which it is.
local function either_reading(octets)
    local payload = octets:sub(2)
    if octets:byte(1) < 128 then
        return ""
    elseif payload:find("^%d+$") then
        return (", as a string it is %s"):format(brief(payload))
    elseif #payload == 4 then
        return (", as an integer it is %d"):format(big_endian(payload, 0, 4))
    end
    return ""
end

-- A reply to a stream where nothing waits, but something did. False: nothing has.
local function note_late(datagram, stream, octets)
    local last, late = stream.last, first_right(stream.given_up, octets)
    if late and not late.response_in then
        answer(datagram, stream, late, octets)
        note(datagram, "pairing.ambiguous", "it is right for frame %d, which had waited too long to be counted "
            .. "(REQ-8.1)", late.frame)
        datagram.tag = "[late]"
    elseif last and is_right(octets, last) and not is_right(last.reply, last) then
        note(datagram, "pairing.ambiguous", "it is right for frame %d, to which frame %d was taken for the reply "
            .. "(REQ-8.1)", last.frame, last.response_in)
        datagram.tag = "[ambiguous]"
        answer(datagram, stream, last, octets)
    elseif last then
        datagram.request = last
        datagram.unjudged = last.reply ~= octets
        note(datagram, "pairing.duplicate", "%s reply to frame %d, which frame %d has answered: a duplicate, or nobody "
            .. "asked (REQ-3.1)", datagram.unjudged and "another" or "the same", last.frame, last.response_in)
        datagram.tag = datagram.unjudged and ("[another reply to %d]"):format(last.frame)
            or ("[duplicate of %d]"):format(last.response_in)
    end
    return datagram.request ~= nil
end

-- A reply to a stream that has no request.
local function note_unexpected(datagram, who, octets)
    local elsewhere = asked[who.client_key]
    local same = elsewhere and elsewhere.who.server == who.server
    if elsewhere and not elsewhere.response_in and (same and elsewhere.length == 1 or elsewhere.multicast) then
        datagram.request, elsewhere.response_in = elsewhere, datagram.frame
    elseif same and elsewhere.who.server_port ~= who.server_port then
        datagram.request = elsewhere
        note(datagram, "pairing.other_port", "frame %d asked port %d: its reply has to come from there, so send it on "
            .. "the socket that received (REQ-3.4)", elsewhere.frame, elsewhere.who.server_port)
        datagram.tag = "[from another port]"
    elseif elsewhere and not elsewhere.response_in and not same then
        note(datagram, "pairing.other_address", "frame %d asked %s from this port: its reply has to come from there "
            .. "(REQ-3.4)", elsewhere.frame, tostring(elsewhere.who.server_address))
        datagram.tag = "[from another address]"
    else
        note(datagram, "pairing.no_request", "no request to this reply is in the capture, so its form is not known%s "
            .. "(REQ-3.2)", either_reading(octets))
        datagram.tag = "[no request]"
    end
end

local function note_reply(datagram, who, octets)
    local stream = stream_of(who)
    in_flight(stream, datagram.at)
    if #stream.open > 0 then
        local last, likely = stream.last, likely_ones(stream)
        answer(datagram, stream, first_right(likely, octets) or likely[1] or stream.open[1], octets)
        note_certainty(datagram, likely, last, octets)
    elseif not note_late(datagram, stream, octets) then
        note_unexpected(datagram, who, octets)
    end
    datagram.outstanding = in_flight(stream, datagram.at)
end

-- The datagram is a quotation in an ICMP error, which says that it did not arrive. It is no second request,
-- and the one that it quotes may still be answered, by others who got it as well.
local function note_quotation(datagram, who, octets)
    local stream = stream_of(who)
    datagram.quoted = true
    if not datagram.is_request then
        datagram.request = stream.last
        if stream.last and stream.last.reply:sub(1, #octets) == octets then
            datagram.original = stream.last.response_in
        end
        return
    end
    for _, request in ipairs(stream.open) do
        if request.octets:sub(1, #octets) == octets then
            datagram.request, datagram.original = request, request.frame
        end
    end
    if datagram.original and not datagram.request.unreachable_in then
        datagram.request.unreachable_in = datagram.frame
        stream.refused = stream.refused + 1
    end
end

------------------------------------------------------------------------------------------------------
-- 6. What a person sees: the tree and the Info column.
------------------------------------------------------------------------------------------------------

local function request_text(request)
    local finding = malformed(request)
    if finding then
        return "malformed: " .. finding[2]
    end
    local words, count = {}, request.count
    for i, n in ipairs(request.integers) do
        if count <= 8 or i <= 6 or i == count then
            words[#words + 1] = ("%d"):format(n)
        elseif i == 7 then
            words[#words + 1] = "..."
        end
    end
    if #request.integers < count then
        words[#words + 1] = "cut here"
    end
    return ("%s(%s%s) %s"):format(OPCODES[request.opcode], table.concat(words, ", "),
        count > 8 and (": %d integers"):format(count) or "", request.format == 0 and "as integer" or "as string")
end

local function time_text(seconds)
    seconds = math.floor(seconds * 1e6 + 0.5) / 1e6
    if seconds >= 1 then
        return ("%.2f s"):format(seconds)
    end
    return (seconds >= 0.001 and "%.1f ms" or "%.2f ms"):format(1000 * seconds)
end

local function shortened(digits)
    return #digits > 40 and ('"%s..." (%d digits)'):format(digits:sub(1, 32), #digits) or ('"%s"'):format(digits)
end

local function payload_text(payload)
    if #payload > 1 and payload:find("^[ -~]+$") then
        return ('the text "%s"'):format(payload:sub(1, 32))
    end
    return payload == "" and "no payload" or hex(payload:sub(1, 16)) .. (#payload > 16 and " ..." or "")
end

-- The words for a reply, without those for what is wrong with it.
local function reply_text(octets, request)
    local payload = octets:sub(2)
    if octets:byte(1) < 128 then
        return "error"
    elseif not request then
        return "success, " .. payload_text(payload)
    elseif request.format == 0 and #payload == 4 then
        return ("%d"):format(big_endian(payload, 0, 4))
    elseif request.format == 1 and payload:find("^%d+\0*$") then
        return shortened(payload:match("^%d+"))
    end
    return "success, and no result: " .. payload_text(payload)
end

local function generated(tree, which, value)
    tree:add(which, value):set_generated()
end

local function add_undecoded(tree, tvb, offset)
    if offset < tvb:len() then
        tree:add(field.undecoded, tvb(offset))
    end
end

local function add_request(tree, tvb, request)
    tree:add(field.unused, tvb(0, 1))
    tree:add(field.opcode, tvb(0, 1))
    tree:add(field.format, tvb(0, 1))
    for i = 1, #request.integers do
        tree:add(field.integer, tvb(4 * i - 3, 4))
    end
    add_undecoded(tree, tvb, request.left_over)
end

local function add_worked_out(tree, request)
    generated(tree, field.count, request.count)
    local want = expectation(request)
    if want.digits then
        tree:add(field.expected, want.digits):append_text(want.why and " (an error: " .. want.why .. ")" or "")
            :set_generated()
    end
end

local function add_payload(tree, tvb, request)
    local octets = tvb:raw()
    local digits = octets:match("^%d*", 2)
    if request and octets:byte(1) >= 128 and request.format == 0 and #octets == 5 then
        tree:add(field.result, tvb(1, 4))
    elseif request and octets:byte(1) >= 128 and request.format == 1 and #digits > 0 then
        tree:add(field.result_string, tvb(1, #digits))
        add_undecoded(tree, tvb, 1 + #digits)
    else
        add_undecoded(tree, tvb, 1)
    end
end

local function add_reply(tree, tvb, datagram)
    local request = datagram.request
    tree:add(field.status, tvb(0, 1))
    tree:add(field.reply_unused, tvb(0, 1))
    add_payload(tree, tvb, request)
    if not request or datagram.quoted then
        return
    end
    local want = expectation(request)
    if want.digits then
        generated(tree, field.expected, want.digits)
    end
    generated(tree, field.response_to, request.frame)
    local nanoseconds = math.floor((datagram.at - request.at) * 1e9 + 0.5)
    local seconds = (nanoseconds < 0 and math.ceil or math.floor)(nanoseconds / 1e9)
    generated(tree, field.time, NSTime.new(seconds, nanoseconds - seconds * 1000000000))
end

-- What is known of a request once all of the capture has been read; returns findings.
local function add_afterwards(tree, pinfo, request)
    if request.response_in then
        generated(tree, field.response_in, request.response_in)
    elseif pinfo.visited and request.length > 1 then
        local text = "no reply so far in this capture"
        if request.again_in then
            text = text .. (", sent again in frame %d"):format(request.again_in)
        end
        if request.unreachable_in then
            text = text .. (", unreachable by frame %d"):format(request.unreachable_in)
        end
        return { { "pairing.no_reply", text .. " (REQ-8.4)" } }
    end
    return {}
end

local function is_between(low, address, high)
    return low <= address and address <= high
end

local function is_multicast(address)
    return is_between(Address.ipv6("ff00::"), address, Address.ipv6("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
        or is_between(Address.ip("224.0.0.0"), address, Address.ip("239.255.255.255"))
        or address == Address.ip("255.255.255.255")
end

-- Why a request gets no reply by default, by where it comes from and goes to. nil: it gets one.
local function policy(pinfo)
    if is_multicast(pinfo.dst) then
        return "it was sent to a multicast address (REQ-6.9)"
    elseif pinfo.src_port == 0 or pinfo.src == Address.ipv6("::") or pinfo.src == Address.ip("0.0.0.0") then
        return "nobody can be reached at its source (REQ-6.10)"
    elseif pinfo.src_port < 1024 then
        return ("its source port, %d, is below 1024 (REQ-7.3)"):format(pinfo.src_port)
    elseif pinfo.src_port == pinfo.dst_port then
        return "its source port has the number of the server's (REQ-7.4)"
    end
end

local function request_findings(request)
    local findings = { malformed(request) }
    append(findings, suspicions(request))
    if request.policy then
        findings[#findings + 1] = { "policy", "a server gives no reply by default: " .. request.policy }
    end
    return findings
end

local function reply_findings(octets, length, datagram)
    local request = datagram.request
    if length == 0 then
        return { { "wrong.empty", "a reply of 0 octets: it has at least the octet with S (REQ-5.1)" } }
    elseif request and expectation(request).octets and #octets == length and not datagram.unjudged then
        return judge_reply(octets, request, expectation(request))
    elseif request and octets:byte(1) < 128 then
        return { { "error_reply", "an error (REQ-5.1)" } }
    end
    return {}
end

-- What the Info column says of the findings: the first that judges the sender.
local JUDGEMENTS = { wrong = true, open = true, suspect = true }

local function judgement(findings)
    for _, finding in ipairs(findings) do
        local kind = finding[1]:match("^%a+")
        if JUDGEMENTS[kind] then
            return (" [%s: %s]"):format(kind, finding[2])
        end
    end
    return ""
end

-- The Info column of a reply: the answer, the time, and why it is an error or wrong.
local function reply_info(text, octets, datagram, findings)
    if datagram.request then
        text = text .. (" (%s)"):format(time_text(datagram.at - datagram.request.at))
    end
    local wrong = judgement(findings)
    local why = datagram.request and expectation(datagram.request).why
    if wrong == "" and why and octets:byte(1) < 128 then
        return text .. ": " .. why
    end
    return text .. wrong
end

------------------------------------------------------------------------------------------------------
-- 7. Where Wireshark comes in.
------------------------------------------------------------------------------------------------------

local wanted_ports = {}

-- By the preference, or by the heuristic in a frame before.
local function is_server(address, port, pinfo)
    local found = servers[key(host(address), port)]
    return wanted_ports[port] or found ~= nil and found <= pinfo.number
end

local function ends_at_servers(pinfo)
    return is_server(pinfo.dst, pinfo.dst_port, pinfo), is_server(pinfo.src, pinfo.src_port, pinfo)
end

-- A request goes to a server's port. Between two of them, what the one waits for is a reply.
local function is_request(pinfo)
    local to, from = ends_at_servers(pinfo)
    if to and from then
        local stream = stream_of(parties(pinfo, false))
        in_flight(stream, pinfo.rel_ts)
        return #stream.open == 0
    elseif to or from then
        return to
    end
    return pinfo.match_uint == pinfo.dst_port -- Decode As
end

-- From the host of a server, but from another port, to where a request waits for its reply.
local function is_stray_reply(pinfo)
    local request = asked[key(host(pinfo.dst), pinfo.dst_port)]
    return request and request.frame < pinfo.number and not request.response_in
        and request.who.server == host(pinfo.src) and pinfo.rel_ts - request.at <= PATIENCE and not pinfo.in_error_pkt
end

-- What is known of a datagram from its first visit on.
local function first_visit(octets, length, pinfo)
    local datagram = { frame = pinfo.number, at = pinfo.rel_ts, findings = {} }
    local to, from = ends_at_servers(pinfo)
    datagram.is_request = (to or from or not is_stray_reply(pinfo)) and is_request(pinfo)
    local who = parties(pinfo, datagram.is_request)
    if datagram.is_request then
        datagram.request = read_request(octets, length)
        datagram.request.frame, datagram.request.at = datagram.frame, datagram.at
        datagram.request.policy, datagram.request.multicast = policy(pinfo), is_multicast(pinfo.dst)
    end
    if pinfo.in_error_pkt then
        note_quotation(datagram, who, octets)
    elseif datagram.is_request then
        note_request(datagram, who)
    else
        note_reply(datagram, who, octets)
    end
    return datagram
end

local icmpv6_type, icmpv6_code = Field.new("icmpv6.type"), Field.new("icmpv6.code")

local ICMPV6_UNREACHABLE = {
    [0] = "no route to the destination", [1] = "communication prohibited", [2] = "beyond the scope of the source",
    [3] = "address unreachable", [4] = "port unreachable", [5] = "source address failed policy",
    [6] = "route rejected",
}

-- RFC 4443, section 3.
local function unreachable_finding(datagram)
    local type, code = icmpv6_type(), icmpv6_code()
    local what = "an ICMP error"
    if type and type.value == 1 and ICMPV6_UNREACHABLE[code.value] then
        what = ICMPV6_UNREACHABLE[code.value]
    elseif type then
        what = ("an ICMPv6 error of type %d"):format(type.value)
    end
    local which = datagram.original and (" for frame %d"):format(datagram.original) or ""
    local meaning = "the request has reached no server"
    if not datagram.is_request then
        meaning = "nobody waits for this reply any more"
    elseif what == ICMPV6_UNREACHABLE[4] then
        meaning = "nobody serves this port; a client sends once more after about 100 ms"
    end
    return { "unreachable", ("%s%s: %s (REQ-8.5)"):format(what, which, meaning) }
end

local function add_findings(item, findings)
    for _, finding in ipairs(findings) do
        item:add_proto_expert_info(expert_entry[finding[1]], finding[2])
    end
end

-- The fields of a datagram that an ICMP error quotes, which may be a part of it only. It was judged where it
-- was sent.
local function show_quoted(tvb, tree, datagram)
    local item = tree:add(calc6, tvb())
    if datagram.is_request then
        add_request(item, tvb, read_request(tvb:raw(), tvb:len()))
        item:set_text("calc6 request, quoted" .. (datagram.original and ": " .. request_text(datagram.request) or ""))
    else
        add_reply(item, tvb, datagram)
        item:set_text("calc6 reply, quoted: " .. reply_text(tvb:raw(), datagram.request))
    end
    add_findings(item, { unreachable_finding(datagram) })
end

-- The findings about a datagram by itself, and its words.
local function judge(octets, length, datagram)
    local request = datagram.request
    local findings, text
    if datagram.is_request then
        findings, text = request_findings(request), request_text(request)
        datagram.info = text .. judgement(findings)
    else
        findings = reply_findings(octets, length, datagram)
        text = reply_text(octets, #octets == length and request) .. (#octets < length and ", cut" or "")
        datagram.info = reply_info(text, octets, datagram, findings)
    end
    if #octets < length then
        append(findings, { { "cut", ("the capture has %d of %d octets (REQ-3.5)"):format(#octets, length) } })
    end
    append(findings, datagram.findings)
    datagram.judgement, datagram.text = findings, text
end

local function show(tvb, length, pinfo, tree, datagram)
    if not datagram.judgement then
        judge(tvb:raw(), length, datagram)
    end
    local item = tree:add(calc6, tvb())
    if datagram.is_request then
        add_request(item, tvb, datagram.request)
        add_worked_out(item, datagram.request)
        item:set_text("calc6 request: " .. datagram.text)
        add_findings(item, add_afterwards(item, pinfo, datagram.request))
    else
        add_reply(item, tvb, datagram)
        item:set_text("calc6 reply: " .. datagram.text)
    end
    generated(item, field.outstanding, datagram.outstanding)
    add_findings(item, datagram.judgement)
    pinfo.cols.protocol:set("calc6")
    pinfo.cols.info:set(datagram.info .. (datagram.tag and " " .. datagram.tag or ""))
end

function calc6.dissector(tvb, pinfo, tree)
    local length = tvb:reported_len()
    if tvb:len() == 0 then
        return 0 -- the capture has nothing of it
    end
    local place = key(pinfo.number, tvb:offset())
    datagrams[place] = datagrams[place] or first_visit(tvb:raw(), length, pinfo)
    if datagrams[place].quoted then
        show_quoted(tvb, tree, datagrams[place])
    else
        show(tvb, length, pinfo, tree, datagrams[place])
    end
    return tvb:len()
end

local udp_length, icmp_type = Field.new("udp.length"), Field.new("icmp.type")

-- A datagram of 0 octets is neither asked for nor answered with, so it takes no part in the pairing.
function post.dissector(_, pinfo, tree)
    local lengths = { udp_length() }
    if #lengths == 0 or lengths[#lengths].value ~= 8 or icmpv6_type() or icmp_type() then
        return
    end
    local to, from = ends_at_servers(pinfo)
    if to or from then
        local finding = to and malformed(read_request("", 0)) or reply_findings("", 0, {})[1]
        local item = tree:add(calc6)
        item:set_text(to and "calc6 request: 0 octets" or "calc6 reply: 0 octets")
        add_findings(item, { finding })
        pinfo.cols.protocol:set("calc6")
        pinfo.cols.info:set((to and "malformed: " or "wrong: ") .. finding[2])
    end
end

register_postdissector(post)

local udp_ports = DissectorTable.get("udp.port")
local registered

local function use_preferences()
    if registered and registered ~= "" then
        udp_ports:remove(registered, calc6)
    end
    registered = calc6.prefs.ports
    wanted_ports = {}
    for from, to in registered:gmatch("(%d+)%-?(%d*)") do
        for port = tonumber(from), tonumber(to) or tonumber(from) do
            wanted_ports[port] = true
        end
    end
    if registered ~= "" then
        udp_ports:add(registered, calc6)
    end
end

calc6.prefs_changed = use_preferences
use_preferences()

-- Whether to take a datagram on other ports. Off by default is the guess: much of what is no calculator's looks
-- like a request.
local function is_ours(tvb, pinfo)
    if datagrams[key(pinfo.number, tvb:offset())] or is_stray_reply(pinfo) then
        return true
    elseif not calc6.prefs.heuristic or tvb:len() < tvb:reported_len() then
        return false
    end
    local to, from = ends_at_servers(pinfo)
    if not (to or from) then
        local request = read_request(tvb:raw(), tvb:len())
        if refusal(request) or request.unused ~= 0 or pinfo.in_error_pkt then
            return false
        end
        local server = key(host(pinfo.dst), pinfo.dst_port)
        servers[server] = servers[server] or pinfo.number
    end
    return true
end

calc6:register_heuristic("udp", function(tvb, pinfo, tree)
    if tvb:len() == 0 or not is_ours(tvb, pinfo) then
        return false
    end
    calc6.dissector(tvb, pinfo, tree)
    return true
end)
