// SPDX-License-Identifier: Apache-2.0

// Labels of security modules, through the host's procfs: what the next execve, and keyrings, are labelled
// with.

#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "context.h"
#include "proc_file.h"

int op_open_label(struct context *c, const struct args_open_label *a)
{
    char path[80] = "";
    for (size_t i = 0; i < a->files.count && c->label < 0; i++) {
        (void)snprintf(path, sizeof path, "thread-self/%s", a->files.items[i]);
        c->label = proc_open(c, path, O_RDWR);
        if (c->label < 0 && errno != ENOENT)
            break;
    }
    return c->label < 0 ? fail(c, "openat2", errno, "/proc/%s", path) : 0;
}

int op_close_host(struct context *c)
{
    // a process of a joined pid namespace, or a hook, could go through /proc/PID/fd (CVE-2016-9962)
    int *fds[] = {&c->proc, &c->rootfs, &c->null, &c->empty};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        close_fd(fds[i]);
    for (int i = 0; i < TREE_COUNT; i++)
        close_fd(&c->trees[i]);
    for (int i = 0; i < NAMESPACE_COUNT; i++)
        close_fd(&c->namespaces[i]);
    return 0;
}

static const char separator[] = "//&"; // between the profiles of a stack
enum { GAP = sizeof separator - 1 };

static size_t first_profile(const char *at, const char *end)
{
    const char *stop = memmem(at, (size_t)(end - at), separator, GAP);
    return (size_t)((stop ? stop : end) - at);
}

static bool is_among(const char *name, size_t length, const char *at, const char *end)
{
    for (;; at += GAP) {
        size_t found = first_profile(at, end);
        if (found == length && memcmp(at, name, length) == 0)
            return true;
        at += found;
        if (at == end)
            return false;
    }
}

// Whether each profile of the stack `wanted` is in the label, which the kernel sorts and puts a mode behind.
static bool holds(const char *label, const char *wanted)
{
    const char *mode = strrchr(label, '(');
    const char *end = mode && mode > label && mode[-1] == ' ' ? mode - 1 : label + strcspn(label, "\n");
    const char *last = wanted + strlen(wanted);
    for (;; wanted += GAP) {
        size_t length = first_profile(wanted, last);
        if (!is_among(wanted, length, label, end))
            return false;
        wanted += length;
        if (wanted == last)
            return true;
    }
}

int op_set_apparmor_profile(struct context *c, const struct args_set_apparmor_profile *a)
{
    char text[1024];
    int length = snprintf(text, sizeof text, "%s %s", a->stack ? "stack" : "exec", a->profile);
    if (length < 0 || (size_t)length >= sizeof text)
        return fail(c, "write", ENAMETOOLONG, "AppArmor profile");
    if (RETRY(write(c->label, text, (size_t)length)) < 0)
        return fail(c, "write", errno, "attr/apparmor/exec: %s", text);
    // a label that silently did not take has been a hole before (CVE-2019-16884)
    char now[2048] = "";
    ssize_t got = RETRY(pread(c->label, now, sizeof now - 1, 0));
    if (got < 0 || !holds(now, a->profile))
        return fail(c, "read", got < 0 ? errno : EACCES, "attr/apparmor/exec: the profile is %s", now);
    close_fd(&c->label);
    return 0;
}

int op_set_selinux_label(struct context *c, const struct args_set_selinux_label *a)
{
    size_t length = strlen(a->label);
    ssize_t written = RETRY(write(c->label, a->label, length));
    if (written != (ssize_t)length)
        return fail(c, "write", written < 0 ? errno : EIO, "attr/exec: %s", a->label);
    close_fd(&c->label);
    return 0;
}

int op_set_key_label(struct context *c, const struct args_set_key_label *a)
{
    CLOSE_FD int fd = proc_open(c, "thread-self/attr/keycreate", O_WRONLY);
    if (fd < 0)
        return fail(c, "openat2", errno, "/proc/thread-self/attr/keycreate");
    if (RETRY(write(fd, a->label, strlen(a->label))) < 0)
        return fail(c, "write", errno, "attr/keycreate: %s", a->label);
    return 0;
}
