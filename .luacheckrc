-- What Wireshark gives to a plugin; the stand-in for it defines the same.
std = "lua52"
max_line_length = 120
local wireshark = {
    "base", "expert", "Address", "frametype", "Proto", "ProtoField", "ProtoExpert", "Pref", "Field", "NSTime",
    "Dissector", "DissectorTable", "register_postdissector",
}
read_globals = wireshark
files["tests/dissector/standin.lua"].globals = wireshark
files["tests/dissector/standin.lua"].ignore = { "121/bit32" }
