// SPDX-License-Identifier: Apache-2.0

// What criu mounts on must be there: create's init makes it for a new container, and here it is made for one
// that comes back to another copy of its rootfs.

#include <fcntl.h>

#include "cleanup.h"
#include "rootfs.h"

static int make_each(struct context *c, const struct strings *paths, enum mountpoint kind)
{
    for (size_t i = 0; i < paths->count; i++) {
        CLOSE_FD int made = rootfs_mountpoint(c, paths->items[i], kind);
        if (made < 0)
            return -1;
    }
    return 0;
}

int op_make_mountpoints(struct context *c, const struct args_make_mountpoints *a)
{
    c->rootfs = open(a->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (c->rootfs < 0)
        return fail(c, "open", errno, "%s", a->root);
    int result = make_each(c, &a->directories, DIRECTORY_MOUNTPOINT);
    if (result == 0)
        result = make_each(c, &a->files, FILE_MOUNTPOINT);
    close_fd(&c->rootfs);
    return result;
}
