// SPDX-License-Identifier: Apache-2.0

// Device nodes for a container in a user namespace, which cannot make them, nor open them on a file system
// that was mounted there: openDeviceTree, makeDevice.

#include <inttypes.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cleanup.h"
#include "context.h"
#include "mount_calls.h"

static int check_slot(struct context *c, int64_t slot)
{
    return slot >= 0 && slot < TREE_COUNT ? 0 : fail(c, "fsmount", EINVAL, "tree %" PRId64, slot);
}

int op_open_device_tree(struct context *c, const struct args_open_device_tree *a)
{
    if (check_slot(c, a->slot) < 0)
        return -1;
    CLOSE_FD int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
    if (fs < 0 || syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return fail(c, "fsopen", errno, "tmpfs");
    unsigned attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
    c->trees[a->slot] = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attributes);
    return c->trees[a->slot] < 0 ? fail(c, "fsmount", errno, "tmpfs") : 0;
}

int op_make_device(struct context *c, const struct args_make_device *a)
{
    if (check_slot(c, a->slot) < 0)
        return -1;
    int tree = c->trees[a->slot];
    dev_t device = makedev((unsigned)a->major, (unsigned)a->minor);
    if (mknodat(tree, a->name, (mode_t)a->type, device) < 0)
        return fail(c, "mknodat", errno, "%" PRId64 ":%" PRId64, a->major, a->minor);
    // the mode apart, since ours is not the umask that it is to go through
    if (fchmodat(tree, a->name, (mode_t)a->mode, 0) < 0)
        return fail(c, "fchmodat", errno, "%" PRIo64, (uint64_t)a->mode);
    if (fchownat(tree, a->name, (uid_t)a->uid, (gid_t)a->gid, AT_SYMLINK_NOFOLLOW) < 0)
        return fail(c, "fchownat", errno, "%" PRId64 ":%" PRId64, a->uid, a->gid);
    return 0;
}
