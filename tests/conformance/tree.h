/* Folders of strangers: copied, measured and removed, whatever is in them. No symbolic link is followed. */
#ifndef CONFORMANCE_TREE_H
#define CONFORMANCE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { TREE_WHY_ROOM = 512, TREE_DEPTH_MAX = 32 };

struct tree_size {
    uint64_t octets, files; /* as they lie on the disk; folders and links are files too */
};

/* Copies the folder's files, folders and links into a new folder, owned by this user (0: whose process this is),
 * with their times and permissions. What is no such file is left out. At most so much: it is not copied to its
 * end. False: why says in one line what was tried. */
bool tree_copy(const char *from, const char *to, uid_t user, struct tree_size most,
               char why[static TREE_WHY_ROOM]);

/* Adds what lies in a folder to *size, of this user only or of all (0). Stops where there is more than `most`, or
 * where folders are nested deeper than TREE_DEPTH_MAX. Returns whether it has not. */
bool tree_measure(const char *path, uid_t user, struct tree_size most, struct tree_size *size);

/* Removes a file or a folder with all that is in it, nested as deep as it may be. Nobody may change it
 * meanwhile. Returns whether it is gone. */
bool tree_remove(const char *path);

/* Removes what belongs to this user in a folder that all users share, such as /tmp. */
void tree_sweep(const char *shared, uid_t user);

#endif
