#!/bin/sh
# The image: its recipe is built as it stands, upon a Debian of ours in place of the one of a registry, and what it makes answers
# without being root, without a file to write, and with nothing beside it.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machine.sh"

# Keeps what it makes in memory, as the machine is.
build_with() { # COMMAND [ARGUMENT...]
    buildah --root "$scratch/store/root" --runroot "$scratch/store/run" --storage-driver vfs "$@"
}

the_recipe_builds() {
    needs_machine || return
    unpack
    mkdir "$scratch/store"
    mount -t tmpfs store "$scratch/store"
    base=$(build_with from scratch)
    build_with add --quiet "$base" "$(readlink -f "$image")" / >/dev/null
    build_with commit --quiet --rm "$base" docker.io/library/debian:bookworm-slim >/dev/null
    run build_with build --isolation chroot --pull-never --file "$source/install/image/Containerfile" --tag calc6-server "$source"
    expect_equal 'status of buildah' 0 "$status"
    [ "$status" -eq 0 ] || echo "$out$err" | tail -n 20 | sed 's/^/# /'
}

config() { # FILTER of jq
    build_with inspect --type image calc6-server | jq -c ".OCIv1.config.$1"
}

it_is_two_programs_for_nobody() {
    [ -d "$scratch/store/root" ] || skip 'needs the image' || return
    expect_equal 'who runs it' '"65534:65534"' "$(config User)"
    expect_equal 'what it serves' '{"10000/udp":{}}' "$(config ExposedPorts)"
    expect_equal 'what runs' '["/calc6-server"] ["::","10000"]' "$(config Entrypoint) $(config Cmd)"
    container=$(build_with from --pull-never calc6-server)
    folder=$(build_with mount "$container")
    expect_equal 'files' './calc6-client ./calc6-server' "$(cd "$folder" && find . ! -type d | sort | paste -s -d ' ')"
    for program in client server; do
        expect_match "calc6-$program" '*static*' "$(file -b "$folder/calc6-$program")"
    done
    expect_equal 'what Kubernetes runs in it' '/calc6-client /calc6-server' \
        "$(grep -o '\[/[^, ]*' "$source/server/scale/kubernetes/calc6.yaml" | tr -d '[' | sort -u | paste -s -d ' ')"
}

# As a runtime does it that is given --read-only: the user, the root folder and the words are those of the image.
in_image() { # WORD...
    exec setpriv --no-new-privs chroot --userspec="$user" "$scratch/image" "$@"
}

it_answers_without_root_and_without_a_file_to_write() {
    [ -n "${folder-}" ] || skip 'needs the image' || return
    user=$(build_with inspect --type image --format '{{.OCIv1.Config.User}}' calc6-server)
    mkdir "$scratch/image"
    mount --bind "$folder" "$scratch/image"
    mount -o remount,bind,ro,nosuid,nodev "$scratch/image"
    start_program in_image /calc6-server :: 10000
    expect_equal 'who runs it' 65534 "$(stat -c %u "/proc/$server_pid")"
    run "$client" -q ::1 10000 1 3 5
    expect_equal 'an answer' 9 "$out"
    (in_image /calc6-client --check ::1 10000) || fail 'the check within the image fails'
    stop_server
    expect_equal 'how it ends' 0 "$server_status"
    umount "$scratch/image"
}

# tmpfs of another name, which ends before the folders do.
trap 'end_machine; stop_server; umount "$scratch/image" "$scratch/store" 2>/dev/null; clean_up' EXIT

run_tests the_recipe_builds it_is_two_programs_for_nobody it_answers_without_root_and_without_a_file_to_write
