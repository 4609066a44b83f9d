-- As much of Wireshark's Lua interface as captures/calc6.lua uses, so that the dissector runs in any Lua, and
-- prints what it makes of each datagram of a capture in the lines of fields.sh. There is no Wireshark with
-- Lua 5.4 in Debian 12; this shows that the dissector's own part runs in it.
-- lua5.4 standin.lua DISSECTOR CAPTURE

local dissector_path, capture_path = arg[1], arg[2]

-- Only what 5.2 and 5.4 have both: Wireshark 4.4 has no bit32.
bit32 = nil

local function names_of(prefix)
    return setmetatable({}, { __index = function(_, name) return prefix .. name end })
end
base, frametype = names_of("base."), names_of("frametype.")
expert = { group = names_of("group."), severity = names_of("severity.") }

ProtoField = setmetatable({}, { __index = function(_, kind)
    return function(name, _, _, fourth, mask)
        return { kind = kind, name = name, mask = type(fourth) ~= "string" and mask or nil }
    end
end })
ProtoExpert = { new = function(name, text, group, severity)
    assert(text and group and severity)
    return { name = name }
end }
Pref = {
    range = function(_, default) return default end,
    bool = function(_, default) return default end,
}
NSTime = { new = function(seconds, nanoseconds)
    assert(math.floor(seconds) == seconds and math.floor(nanoseconds) == nanoseconds)
    return { seconds = seconds, nanoseconds = nanoseconds }
end }
Field = { new = function() return function() end end }
-- Addresses are their 16 octets. Of those that the dissector names, only :: is met here.
local function address() return ("\255"):rep(16) end
Address = { ip = address, ipv6 = function(text) return text == "::" and ("\0"):rep(16) or address() end }

local protos, tables = {}, {}
function Proto(name, _)
    protos[name] = { prefs = {}, register_heuristic = function() end }
    return protos[name]
end
function register_postdissector(_) end
DissectorTable = { get = function(name)
    tables[name] = tables[name] or {}
    return {
        add = function(_, pattern, proto) tables[name][pattern] = proto end,
        remove = function(_, pattern) tables[name][pattern] = nil end,
    }
end }

local function Range(octets, offset, length)
    assert(offset >= 0 and length > 0 and offset + length <= #octets, "beyond the end of the datagram")
    return { octets = octets:sub(offset + 1, offset + length) }
end

local function Tvb(octets, length)
    return setmetatable({
        offset = function() return 62 end,
        len = function() return #octets end,
        reported_len = function() return length end,
        raw = function() return octets end,
    }, { __call = function(_, offset, count)
        return Range(octets, offset or 0, count or #octets - (offset or 0))
    end })
end

-- The value of a field as tshark prints it.
local function value_of(field, value)
    if type(value) ~= "table" then
        assert(type(value) ~= "number" or math.floor(value) == value)
        return type(value) == "number" and ("%d"):format(value) or value
    elseif not value.octets then
        return "a time"
    elseif field.kind == "string" then
        return value.octets
    elseif field.kind == "bytes" then
        return (value.octets:gsub(".", function(c) return ("%02x "):format(c:byte()) end):sub(1, -2))
    end
    local number = 0
    for i = 1, #value.octets do
        number = number * 256 + value.octets:byte(i)
    end
    local mask = field.mask
    while mask and mask % 2 == 0 do
        mask, number = mask / 2, math.floor(number / 2)
    end
    return ("%d"):format(mask and number % (mask + 1) or number)
end

-- A tree that remembers what was added: name -> values, and the names of the expert entries.
local function Tree(seen)
    local tree = {}
    local function itself() return tree end
    tree.set_text, tree.append_text, tree.set_generated = itself, itself, itself
    function tree.add(_, field, value)
        if field.kind then
            local text = value_of(field, value)
            seen[field.name] = seen[field.name] and seen[field.name] .. "," .. text or text
        end
        return tree
    end
    function tree.add_proto_expert_info(_, entry, text)
        assert(entry.name and type(text) == "string")
        seen[entry.name] = "1"
    end
    return tree
end

local FIELDS = { "unused", "opcode", "format", "count", "integer", "expected", "status", "result", "result.string",
    "undecoded" }
local MALFORMED = { "no_integers", "too_long", "not_whole", "opcode" }

local function line_of(number, seen)
    local columns = { ("%d"):format(number) }
    for _, name in ipairs(FIELDS) do
        columns[#columns + 1] = seen["calc6." .. name] or ""
    end
    local malformed = ""
    for _, name in ipairs(MALFORMED) do
        malformed = malformed .. (seen["calc6.malformed." .. name] and name or "")
    end
    local verdict = ""
    for name in pairs(seen) do
        local kind = name:match("^calc6%.(%a+)%.")
        if kind == "wrong" or kind == "open" and verdict == "" then
            verdict = kind
        end
    end
    columns[#columns + 1], columns[#columns + 2] = malformed, verdict
    return table.concat(columns, "\t")
end

-- The frames of a pcap file as this machine writes it: Ethernet, IPv6, UDP.
local function frames(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    assert(text:sub(1, 4) == "\212\195\178\161", "a little-endian pcap file with microseconds")
    local function number(offset, length, little)
        local n = 0
        for i = 1, length do
            n = n * 256 + text:byte(offset + (little and length + 1 - i or i))
        end
        return n
    end
    local at = 24
    return function()
        if at >= #text then
            return
        end
        local captured, length, frame = number(at + 8, 4, true), number(at + 12, 4, true), at + 16
        local pinfo = {
            rel_ts = number(at, 4, true) + number(at + 4, 4, true) / 1000000,
            src = text:sub(frame + 23, frame + 38), dst = text:sub(frame + 39, frame + 54),
            src_port = number(frame + 54, 2), dst_port = number(frame + 56, 2),
            visited = false, in_error_pkt = false,
            cols = setmetatable({}, { __index = function() return { set = function() end } end }),
        }
        at = frame + captured
        return pinfo, Tvb(text:sub(frame + 63, frame + captured), length - 62)
    end
end

dofile(dissector_path)
local calc6 = tables["udp.port"]["10000"]

local function read_capture(print_line)
    calc6.init() -- as Wireshark does where it opens a file
    local number = 0
    for pinfo, tvb in frames(capture_path) do
        number = number + 1
        pinfo.number, pinfo.match_uint = number, 10000
        local seen = {}
        calc6.dissector(tvb, pinfo, Tree(seen))
        print_line(line_of(number, seen))
    end
end

-- A file that was open before leaves no trace.
read_capture(function() end)
read_capture(print)
