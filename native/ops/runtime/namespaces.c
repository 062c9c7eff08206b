// SPDX-License-Identifier: Apache-2.0

// What init needs of the host but may have no right to reach once it is in a user namespace: openNamespace,
// openTree.

#include <fcntl.h>
#include <inttypes.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>

#include "cleanup.h"
#include "context.h"
#include "mount_calls.h"

int op_open_namespace(struct context *c, const struct args_open_namespace *a)
{
    if (a->slot < 0 || a->slot >= NAMESPACE_COUNT)
        return fail(c, "open", EINVAL, "slot %" PRId64, a->slot);
    CLOSE_FD int fd = open(a->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(c, "open", errno, "%s", a->path);
    int type = ioctl(fd, NS_GET_NSTYPE);
    if (type < 0)
        return fail(c, "ioctl", errno, "%s is not a namespace", a->path);
    if (type != (int)a->type) // the spec: MUST be an error
        return fail(c, "ioctl", EINVAL, "%s is a namespace of another type (0x%x)", a->path, (unsigned)type);
    c->namespaces[a->slot] = steal_fd(&fd);
    return 0;
}

int op_open_tree(struct context *c, const struct args_open_tree *a)
{
    if (a->slot < 0 || a->slot >= TREE_COUNT)
        return fail(c, "open_tree", EINVAL, "more than %d trees", TREE_COUNT);
    c->trees[a->slot] = clone_tree(AT_FDCWD, a->source, a->recursive != 0, a->nofollow != 0);
    return c->trees[a->slot] < 0 ? fail(c, "open_tree", errno, "%s", a->source) : 0;
}
