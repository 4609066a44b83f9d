#!/bin/sh
# From a tarball to what is installed, used and taken away again, by the GNU conventions.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machine.sh"

# The octets of what dist makes in a folder.
packed() { # FOLDER COMMAND...
    folder=$1
    shift
    rm -f "$folder"/build/*.tar.gz
    "$@" make -C "$folder" dist >"$scratch/said" || fail "make dist fails in $folder"
    sha256sum <"$folder/build/calc6-$version.tar.gz"
}

the_tarball_has_the_same_octets_from_two_folders_and_at_two_times() {
    first=$(sha256sum <"$tarball")
    expect_equal 'packed where it was unpacked' "$first" "$(packed "$source")"
    expect_equal 'packed in another year' "$first" "$(packed "$source" faketime '2040-02-29 12:00:00')"
    expect_equal 'packed elsewhere in the world' "$first" "$(packed "$source" env TZ=Asia/Tokyo LC_ALL=C.UTF-8)"
    [ -e "$root/.git" ] || return 0
    git clone -q "$root" "$scratch/another"
    find "$scratch/another" -type f -exec touch -d 2001-01-01 {} + -exec chmod go= {} +
    tar -C "$scratch/another" --strip-components=1 -xzf "$tarball" # what is not committed
    git -C "$scratch/another" add -A
    expect_equal 'packed from another clone' "$first" "$(packed "$scratch/another")"
    expect_equal 'what it has, and git has not' '' "$(tar -tzf "$tarball" | sed "s,^calc6-$version/,," |
        (cd "$root" && git ls-files | sort >"$scratch/known" && sort | comm -23 - "$scratch/known"))"
}

it_is_built_from_the_tarball_without_git() {
    make_it
    expect_equal 'warnings' '' "$err"
}

everything_is_installed_with_its_name_and_mode() {
    make_it install DESTDIR="$dest"
    installed >"$scratch/list"
    while read -r mode path; do
        grep -qxF -e "$mode $path" "$scratch/list" || fail "not installed: $mode $path"
    done <<END
-rwxr-xr-x usr/local/bin/calc6-client
-rwxr-xr-x usr/local/bin/calc6-conformance
-rwxr-xr-x usr/local/bin/calc6-load
-rwxr-xr-x usr/local/sbin/calc6-server
-rw-r--r-- usr/local/include/calc6.h
-rw-r--r-- usr/local/lib/libcalc6.a
lrwxrwxrwx usr/local/lib/libcalc6.so
lrwxrwxrwx usr/local/lib/libcalc6.so.0
-rw-r--r-- usr/local/lib/libcalc6.so.$version
-rw-r--r-- usr/local/lib/pkgconfig/calc6.pc
-rw-r--r-- usr/local/share/man/man1/calc6-client.1
-rw-r--r-- usr/local/share/man/man1/calc6-conformance.1
-rw-r--r-- usr/local/share/man/man1/calc6-load.1
-rw-r--r-- usr/local/share/man/man3/libcalc6.3
-rw-r--r-- usr/local/share/man/man7/calc6.7
-rw-r--r-- usr/local/share/man/man8/calc6-server.8
-rw-r--r-- usr/local/share/doc/calc6/proto/PROTOCOL.md
-rw-r--r-- usr/local/share/doc/calc6/README.md
-rw-r--r-- usr/local/share/doc/calc6/captures/tour.pcapng
-rw-r--r-- opt/plugins/calc6.lua
END
    expect_equal 'other modes' '' "$(grep -vE '^(-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx) ' "$scratch/list")"
    expect_equal 'programs elsewhere' '' "$(grep '^-rwx' "$scratch/list" | grep -vE ' usr/local/(bin|sbin|lib)/')"
    expect_equal 'what is left to be filled in' '' "$(grep -rlE '@[A-Z]+@' "$dest" --include='*.service' --include='*.socket' --include='*.pc')"
}

each_folder_has_a_knob() {
    mkdir "$scratch/knobs"
    make_it install DESTDIR="$scratch/knobs" PREFIX=/p BINDIR=/b SBINDIR=/s LIBDIR=/l INCLUDEDIR=/i DATADIR=/d MANDIR=/m \
        UNITDIR=/u PLUGINS=/w
    expect_equal 'folders' '' "$(find "$scratch/knobs" ! -type d -printf '%P\n' | grep -vE '^[bsldimuw]/')"
    for file in b/calc6-client s/calc6-server l/libcalc6.so i/calc6.h m/man8/calc6-server.8 d/doc/calc6/README.md w/calc6.lua; do
        [ -e "$scratch/knobs/$file" ] || fail "no $file"
    done
    make_it uninstall DESTDIR="$scratch/knobs" PREFIX=/p BINDIR=/b SBINDIR=/s LIBDIR=/l INCLUDEDIR=/i DATADIR=/d \
        MANDIR=/m UNITDIR=/u PLUGINS=/w
    expect_equal 'left' '' "$(find "$scratch/knobs" ! -type d)"
}

# What somebody has made for themselves stays theirs.
what_is_new_is_for_everybody_whatever_the_umask() {
    mkdir "$scratch/closed"
    mkdir -m 700 "$scratch/closed/usr"
    umask 077
    make_it install DESTDIR="$scratch/closed"
    umask 022
    expect_equal 'folders' 755 "$(find "$scratch/closed" -mindepth 1 -type d ! -path "$scratch/closed/usr" -printf '%m\n' | sort -u)"
    expect_equal 'one that was there' 700 "$(stat -c %a "$scratch/closed/usr")"
    expect_equal 'files' '644 755' "$(find "$scratch/closed" -type f -printf '%m\n' | sort -u | xargs)"
}

destdir_may_be_relative() {
    make_it install DESTDIR=stage
    expect_equal 'the dissector' "$source/stage/opt/plugins/calc6.lua" "$(find "$source" -path '*/opt/*' -name calc6.lua)"
    make_it installcheck DESTDIR=stage
    make_it uninstall DESTDIR=stage
    expect_equal 'left' '' "$(find "$source/stage" ! -type d)"
    rm -r "$source/stage"
}

expect_refused() { # KNOB VALUE
    for target in install uninstall; do
        run make -C "$source" $target DESTDIR="$scratch/refused" "$1=$2"
        expect_equal "status of make $target '$1=$2'" 2 "$status"
        expect_match "what it says of '$1=$2'" "*$1=*absolute*" "$err"
    done
}

# In a sed script, a unit, calc6.pc or a word of the shell these would mean something else.
a_folder_that_would_not_come_through_is_refused() {
    for knob in PREFIX BINDIR SBINDIR LIBDIR INCLUDEDIR DATADIR MANDIR UNITDIR; do
        expect_refused $knob relative
        expect_refused $knob '/with a blank'
    done
    for mark in '|' '&' "'" '"' '\' '%' '$$' '#'; do
        expect_refused PREFIX "/a${mark}b"
    done
    expect_refused PLUGINS relative
    expect_refused PLUGINS "/isn't"
    run make -C "$source" install DESTDIR="$scratch/isn't"
    expect_match 'a DESTDIR that is not allowed' '*DESTDIR=*' "$err"
    expect_equal 'what is installed' '' "$(find "$scratch" -maxdepth 1 -name 'refused' -o -maxdepth 1 -name 'isn*')"
    make_it PREFIX='/with a blank' bin/client
    make_it install DESTDIR="$scratch/odd" PREFIX='/a;b(c)*' PLUGINS='/for wireshark'
    expect_equal 'the header' "/a;b(c)*/include" \
        "$(PKG_CONFIG_PATH="$scratch/odd/a;b(c)*/lib/pkgconfig" pkg-config --variable includedir calc6)"
    [ -e "$scratch/odd/for wireshark/calc6.lua" ] || fail 'no dissector in a folder with a blank'
}

links_of_installed_pages_lead_somewhere() {
    documents=$dest/usr/local/share/doc/calc6
    links=0
    find "$documents" -name '*.md' >"$scratch/pages"
    while read -r page; do
        grep -oE '\]\([^)# ]+' "$page" | cut -c 3- | grep -vE '^(https?|mailto):' >"$scratch/links"
        while read -r link; do
            links=$((links + 1))
            [ -e "${page%/*}/$link" ] || fail "${page#"$documents/"}: $link is not installed"
        done <"$scratch/links"
    done <"$scratch/pages"
    [ "$links" -ge 80 ] || fail "the pages have too few links: $links"
}

what_is_installed_works_where_it_lies() {
    make_it installcheck DESTDIR="$dest"
    mv "$source" "$source.away" # nothing of it is needed
    run "$dest/usr/local/bin/calc6-client" --version
    expect_equal 'version' "calc6-client (calc6) $version" "$out"
    mv "$source.away" "$source"
}

# The one that it has started, too, may have gone before it.
installcheck_leaves_nothing() {
    mkdir "$scratch/tmp"
    run make -C "$source" installcheck DESTDIR="$dest" TMPDIR="$scratch/tmp"
    expect_equal 'left where all is well' '0,' "$status,$(ls "$scratch/tmp")"
    mv "$dest/usr/local/sbin/calc6-server" "$scratch/kept"
    printf '#!/bin/sh\n[ $# -ne 1 ] || echo "calc6-server (calc6) %s"\n' "$version" >"$dest/usr/local/sbin/calc6-server"
    chmod +x "$dest/usr/local/sbin/calc6-server"
    run make -C "$source" installcheck DESTDIR="$dest" TMPDIR="$scratch/tmp"
    expect_equal 'left where the server ends' '2,' "$status,$(ls "$scratch/tmp")"
    mv "$scratch/kept" "$dest/usr/local/sbin/calc6-server"
}

installcheck_fails_where_a_program_does() {
    for file in include/calc6.h lib/pkgconfig/calc6.pc; do
        mv "$dest/usr/local/$file" "$scratch/kept"
        run make -C "$source" installcheck DESTDIR="$dest"
        [ "$status" -ne 0 ] || fail "installcheck takes a library without $file"
        mv "$scratch/kept" "$dest/usr/local/$file"
    done
    for program in bin/calc6-client bin/calc6-conformance bin/calc6-load sbin/calc6-server; do
        mv "$dest/usr/local/$program" "$scratch/kept"
        printf '#!/bin/sh\necho "%s (calc6) %s"\n' "${program##*/}" "$version" >"$dest/usr/local/$program"
        chmod +x "$dest/usr/local/$program"
        case $program in
        */calc6-conformance | */calc6-load) echo "test \$1 = --version" >>"$dest/usr/local/$program" ;;
        esac
        run make -C "$source" installcheck DESTDIR="$dest"
        [ "$status" -ne 0 ] || fail "installcheck takes a $program that does nothing"
        sed -i "s/$version/0.0.0/" "$dest/usr/local/$program"
        run make -C "$source" installcheck DESTDIR="$dest"
        expect_match "what it says of an old $program" "installcheck: *$program: *0.0.0*" "$err"
        mv "$scratch/kept" "$dest/usr/local/$program"
    done
}

without_tshark_the_rest_is_installed() {
    mkdir "$scratch/none"
    for program in tshark wireshark; do
        cp "$scratch/no-git/git" "$scratch/none/$program"
    done
    run env PATH="$scratch/none:$PATH" PLUGINS= make -C "$source" install DESTDIR="$scratch/bare"
    expect_equal 'status' 0 "$status"
    expect_message 'what it says' 'install.sh: *PLUGINS=FOLDER*'
    [ -x "$scratch/bare/usr/local/bin/calc6-client" ] || fail 'no client'
    expect_equal 'dissectors' '' "$(find "$scratch/bare" -name calc6.lua)"
}

# That nobody says where is none of the other errors.
what_can_not_be_written_ends_make() {
    mkdir -p "$scratch/asked" "$scratch/full/opt"
    printf '#!/bin/sh\nprintf "Global Lua Plugins:\\t/opt/plugins\\n"\n' >"$scratch/asked/tshark"
    chmod +x "$scratch/asked/tshark"
    : >"$scratch/full/opt/plugins"
    run env PATH="$scratch/asked:$PATH" PLUGINS= make -C "$source" install DESTDIR="$scratch/full"
    expect_equal 'status' 2 "$status"
}

# The loader has to be told of the library.
what_root_installs_finds_the_library() {
    needs_machine || return
    make_machine
    cp -a "$source" "$machine/root/calc6"
    cat >"$scratch/sum.c" <<-END
	#include <calc.h>
	int main(void) { return calc_code_text(CALC_OK) == 0; }
	END
    gcc -I "$source/proto" -o "$machine/root/sum" "$scratch/sum.c" "$source/build/library/libcalc6.so.$version"
    boot_machine
    run in_machine sh -c 'apt-get -qq update && apt-get -qq -y install make'
    expect_equal 'status of apt-get' 0 "$status"
    run in_machine ./sum
    expect_equal 'status without the library' 127 "$status"
    run in_machine make -s -C calc6 PLUGINS=/opt/plugins install
    expect_equal 'status of make install' '0,' "$status,$err"
    run in_machine ./sum
    expect_equal 'status with it' '0,' "$status,$err"
    run in_machine make -s -C calc6 PLUGINS=/opt/plugins uninstall
    expect_equal 'what the loader knows' '' "$(in_machine ldconfig -p | grep calc6)"
}

uninstall_leaves_what_others_have_and_nothing_else() {
    echo of others >"$dest/usr/local/bin/another"
    make_it uninstall DESTDIR="$dest"
    expect_equal 'left' '-rw-r--r-- usr/local/bin/another' "$(installed)"
    expect_equal 'folders of ours' '' "$(find "$dest" -name '*calc6*')"
    make_it uninstall DESTDIR="$dest" # nothing is there
}

it_is_installed_below_a_prefix_alone() {
    cache=$(stat -c '%i %y' /etc/ld.so.cache)
    make_it install PREFIX="$scratch/prefix" PLUGINS="$scratch/prefix/plugins"
    make_it installcheck PREFIX="$scratch/prefix"
    make_it uninstall PREFIX="$scratch/prefix" PLUGINS="$scratch/prefix/plugins"
    expect_equal 'left' '' "$(find "$scratch/prefix" ! -type d)"
    expect_equal 'the cache of the loader, which does not look there' "$cache" "$(stat -c '%i %y' /etc/ld.so.cache)"
}

unpack
run_tests the_tarball_has_the_same_octets_from_two_folders_and_at_two_times it_is_built_from_the_tarball_without_git \
    everything_is_installed_with_its_name_and_mode each_folder_has_a_knob what_is_new_is_for_everybody_whatever_the_umask \
    destdir_may_be_relative a_folder_that_would_not_come_through_is_refused links_of_installed_pages_lead_somewhere \
    what_is_installed_works_where_it_lies installcheck_leaves_nothing installcheck_fails_where_a_program_does \
    without_tshark_the_rest_is_installed what_can_not_be_written_ends_make what_root_installs_finds_the_library \
    uninstall_leaves_what_others_have_and_nothing_else it_is_installed_below_a_prefix_alone
