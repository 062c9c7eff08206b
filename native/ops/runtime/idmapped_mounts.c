// SPDX-License-Identifier: Apache-2.0

// Mounts with mapped ids, mount_setattr(2) MOUNT_ATTR_IDMAP, Linux 5.12: makeIdMapping, openIdMapping,
// mapTree. The kernel takes a mapping in the form of a user namespace, and lets a mount be mapped only once,
// before it is attached anywhere.

#include <fcntl.h>
#include <inttypes.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "context.h"
#include "mount_calls.h"

static int check_slot(struct context *c, int64_t slot)
{
    return slot >= 0 && slot < IDMAP_COUNT ? 0 : fail(c, "clone", EINVAL, "mapping %" PRId64, slot);
}

// A process in a new user namespace that does nothing but wait for its end; 0 in no case.
static pid_t clone_holder(void)
{
    pid_t pid = (pid_t)syscall(SYS_clone, (unsigned long)(CLONE_NEWUSER | SIGCHLD), NULL, NULL, NULL, NULL);
    if (pid != 0)
        return pid;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    for (;;)
        (void)pause();
}

static int write_map(struct context *c, pid_t pid, const char *file, const char *map)
{
    char path[48];
    (void)snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    CLOSE_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(c, "open", errno, "%s", path);
    // one write: the kernel takes an id map whole
    return RETRY(write(fd, map, strlen(map))) < 0 ? fail(c, "write", errno, "%s: %s", file, map) : 0;
}

static int take_namespace(struct context *c, pid_t pid, const struct args_make_id_mapping *a)
{
    char path[40];
    if (write_map(c, pid, "gid_map", a->gids) < 0 || write_map(c, pid, "uid_map", a->uids) < 0)
        return -1;
    (void)snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
    c->idmaps[a->slot] = open(path, O_RDONLY | O_CLOEXEC);
    return c->idmaps[a->slot] < 0 ? fail(c, "open", errno, "%s", path) : 0;
}

int op_make_id_mapping(struct context *c, const struct args_make_id_mapping *a)
{
    if (check_slot(c, a->slot) < 0)
        return -1;
    pid_t pid = clone_holder();
    if (pid < 0)
        return fail(c, "clone", errno, "a user namespace for the mapping of a mount");
    int result = take_namespace(c, pid, a);
    siginfo_t info;
    // our own child, not yet waited for: the pid cannot be another's
    (void)kill(pid, SIGKILL);
    (void)RETRY(waitid(P_PID, (id_t)pid, &info, WEXITED));
    return result;
}

int op_open_id_mapping(struct context *c, const struct args_open_id_mapping *a)
{
    if (check_slot(c, a->slot) < 0)
        return -1;
    CLOSE_FD int fd = open(a->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(c, "open", errno, "%s", a->path);
    if (ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWUSER)
        return fail(c, "ioctl", EINVAL, "%s is not a user namespace", a->path);
    c->idmaps[a->slot] = steal_fd(&fd);
    return 0;
}

int op_map_tree(struct context *c, const struct args_map_tree *a)
{
    if (check_slot(c, a->mapping) < 0)
        return -1;
    if (a->slot < 0 || a->slot >= TREE_COUNT)
        return fail(c, "mount_setattr", EINVAL, "tree %" PRId64, a->slot);
    struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP,
                              .userns_fd = (uint64_t)(unsigned)c->idmaps[a->mapping]};
    unsigned flags = AT_EMPTY_PATH | (a->recursive ? AT_RECURSIVE : 0U);
    if (syscall(SYS_mount_setattr, c->trees[a->slot], "", flags, &attr, sizeof attr) == 0)
        return 0;
    if (errno == EINVAL) // what else the call checks is right here
        return fail(c, "mount_setattr", errno, "%s: its file system cannot map ids", a->source);
    return fail(c, "mount_setattr", errno, "%s: mapped ids", a->source);
}
