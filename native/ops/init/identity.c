// SPDX-License-Identifier: Apache-2.0

// What the namespaces hold: names, the loopback interface, sysctls, the session and its keyring, labels.

#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/openat2.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "context.h"
#include "write_all.h"

int op_setsid(struct context *c)
{
    return setsid() < 0 ? fail(c, "setsid", errno, "session") : 0;
}

int op_join_session_keyring(struct context *c, const struct args_join_session_keyring *a)
{
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, a->name) >= 0)
        return 0;
    // no key support in this kernel: there is no keyring to be kept from either
    return errno == ENOSYS ? 0 : fail(c, "keyctl", errno, "session keyring %s", a->name);
}

int op_set_loopback_up(struct context *c)
{
    struct ifreq request = {.ifr_name = "lo"};
    CLOSE_FD int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(c, "socket", errno, "lo");
    if (ioctl(fd, SIOCGIFFLAGS, &request) < 0)
        return fail(c, "ioctl", errno, "SIOCGIFFLAGS lo");
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? fail(c, "ioctl", errno, "SIOCSIFFLAGS lo") : 0;
}

int op_sethostname(struct context *c, const struct args_sethostname *a)
{
    return sethostname(a->name, strlen(a->name)) < 0 ? fail(c, "sethostname", errno, "%s", a->name) : 0;
}

int op_setdomainname(struct context *c, const struct args_setdomainname *a)
{
    return setdomainname(a->name, strlen(a->name)) < 0 ? fail(c, "setdomainname", errno, "%s", a->name) : 0;
}

// A file of the procfs opened before anything of the container could be in the way.
static int open_proc_file(const struct context *c, const char *path, int flags)
{
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, c->proc, path, &how, sizeof how);
}

int op_write_sysctl(struct context *c, const struct args_write_sysctl *a)
{
    char path[512];
    int length = snprintf(path, sizeof path, "sys/%s", a->path);
    if (length < 0 || (size_t)length >= sizeof path)
        return fail(c, "openat2", ENAMETOOLONG, "%s", a->path);
    CLOSE_FD int fd = open_proc_file(c, path, O_WRONLY);
    if (fd < 0)
        return fail(c, "openat2", errno, "/proc/%s", path);
    if (RETRY(write(fd, a->value, strlen(a->value))) < 0)
        return fail(c, "write", errno, "/proc/%s: %s", path, a->value);
    return 0;
}

int op_close_host(struct context *c, const struct args_close_host *a)
{
    if (a->label) {
        // Linux 5.8; before, one LSM had the old name for itself
        c->label = open_proc_file(c, "self/attr/apparmor/exec", O_RDWR);
        if (c->label < 0 && errno == ENOENT)
            c->label = open_proc_file(c, "self/attr/exec", O_RDWR);
        if (c->label < 0)
            return fail(c, "openat2", errno, "/proc/self/attr/apparmor/exec");
    }
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

int op_set_apparmor_profile(struct context *c, const struct args_set_apparmor_profile *a)
{
    char text[512];
    int length = snprintf(text, sizeof text, "exec %s", a->profile);
    if (length < 0 || (size_t)length >= sizeof text)
        return fail(c, "write", ENAMETOOLONG, "AppArmor profile");
    if (RETRY(write(c->label, text, (size_t)length)) < 0)
        return fail(c, "write", errno, "/proc/self/attr/apparmor/exec: %s", text);
    // a label that silently did not take has been a hole before (CVE-2019-16884)
    char now[512] = "";
    ssize_t got = RETRY(pread(c->label, now, sizeof now - 1, 0));
    size_t name = strlen(a->profile);
    if (got < 0 || strncmp(now, a->profile, name) != 0 ||
        (now[name] != 0 && now[name] != ' ' && now[name] != '\n'))
        return fail(c, "read", got < 0 ? errno : EACCES, "/proc/self/attr/apparmor/exec: the profile is %s",
                    now);
    close_fd(&c->label);
    return 0;
}
