// SPDX-License-Identifier: Apache-2.0

// The container's terminal. Its other end is asked of the kernel by descriptor (TIOCGPTPEER), never by the
// name /dev/pts/N, which an image can make lead elsewhere (CVE-2025-52565).

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <termios.h>

#include "cleanup.h"
#include "message.h"
#include "mount_calls.h"
#include "rootfs.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static int open_master(struct context *c)
{
    struct statfs fs;
    struct stat info;
    CLOSE_FD int fd = rootfs_open(c, "/dev/pts/ptmx", O_RDWR | O_NOCTTY, RESOLVE_NO_SYMLINKS);
    if (fd < 0)
        return fail(c, "openat2", errno, "/dev/pts/ptmx");
    if (fstatfs(fd, &fs) < 0 || fstat(fd, &info) < 0)
        return fail(c, "fstatfs", errno, "/dev/pts/ptmx");
    if (fs.f_type != DEVPTS_SUPER_MAGIC || !S_ISCHR(info.st_mode) || info.st_rdev != makedev(5, 2))
        return fail(c, "fstatfs", ENODEV, "/dev/pts is not a devpts");
    return steal_fd(&fd);
}

static int bind_console(struct context *c)
{
    CLOSE_FD int mount = clone_tree(c->console, "", false, false);
    if (mount < 0)
        return fail(c, "open_tree", errno, "/dev/console");
    const char *name;
    CLOSE_FD int parent = rootfs_parent(c, "/dev/console", &name);
    if (parent < 0)
        return -1;
    CLOSE_FD int made = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (made < 0 && errno != EEXIST)
        return fail(c, "openat", errno, "/dev/console");
    CLOSE_FD int target = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat info;
    if (target < 0 || fstat(target, &info) < 0)
        return fail(c, "openat", errno, "/dev/console");
    if (S_ISLNK(info.st_mode)) // CVE-2026-88264
        return fail(c, "openat", ELOOP, "/dev/console is a symlink");
    return attach_mount(mount, target) < 0 ? fail(c, "move_mount", errno, "/dev/console") : 0;
}

// Without a carriage return before each newline.
static int keep_newlines(struct context *c)
{
    struct termios settings;
    if (tcgetattr(c->console, &settings) < 0)
        return fail(c, "tcgetattr", errno, "terminal");
    settings.c_oflag &= ~(tcflag_t)ONLCR;
    return tcsetattr(c->console, TCSANOW, &settings) < 0 ? fail(c, "tcsetattr", errno, "terminal") : 0;
}

int op_open_console(struct context *c, const struct args_open_console *a)
{
    CLOSE_FD int master = open_master(c);
    int locked = 0;
    if (master < 0)
        return -1;
    if (ioctl(master, TIOCSPTLCK, &locked) < 0)
        return fail(c, "ioctl", errno, "TIOCSPTLCK");
    c->console = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (c->console < 0)
        return fail(c, "ioctl", errno, "TIOCGPTPEER");
    if (a->plain && keep_newlines(c) < 0)
        return -1;
    struct winsize size = {.ws_col = (unsigned short)a->width, .ws_row = (unsigned short)a->height};
    if ((a->width || a->height) && ioctl(master, TIOCSWINSZ, &size) < 0)
        return fail(c, "ioctl", errno, "TIOCSWINSZ");
    if (a->uid && fchown(c->console, (uid_t)a->uid, (gid_t)-1) < 0)
        return fail(c, "fchown", errno, "terminal");
    if (a->bind && bind_console(c) < 0)
        return -1;
    return send_event(c, EVENT_CONSOLE, 0, master);
}

int op_use_console(struct context *c)
{
    for (int fd = 0; fd < 3; fd++)
        if (dup3(c->console, fd, 0) < 0)
            return fail(c, "dup3", errno, "terminal");
    if (ioctl(0, TIOCSCTTY, 0) < 0)
        return fail(c, "ioctl", errno, "TIOCSCTTY");
    close_fd(&c->console);
    return 0;
}

int op_own_stdio(struct context *c, const struct args_own_stdio *a)
{
    for (int fd = 0; fd < 3; fd++) {
        struct stat info;
        if (fstat(fd, &info) < 0)
            continue; // closed, and so it stays
        // never a file: what is on stdio may be one of the host's that only looks harmless (CVE-2026-88265)
        if (!S_ISFIFO(info.st_mode) && !S_ISSOCK(info.st_mode))
            continue;
        if (fchown(fd, (uid_t)a->uid, (gid_t)-1) < 0 && errno != EPERM && errno != EINVAL && errno != EROFS)
            return fail(c, "fchown", errno, "descriptor %d", fd);
    }
    return 0;
}
