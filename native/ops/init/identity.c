// SPDX-License-Identifier: Apache-2.0

// What the namespaces hold: names, the loopback interface, sysctls, the session and its keyring.

#include <fcntl.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "context.h"
#include "proc_file.h"

int op_setsid(struct context *c)
{
    return setsid() < 0 ? fail(c, "setsid", errno, "session") : 0;
}

int op_join_session_keyring(struct context *c, const struct args_join_session_keyring *a)
{
    // what keyctl(2) gives a new one, and its user may search it: or a process that joins the container would
    // not find it by its name, and get another
    enum { ALL_BUT_USER = 0x3f000000, USER_VIEW_READ_LINK_SEARCH = 0x001b0000 };
    long ring = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, a->name);
    if (ring >= 0) {
        (void)syscall(SYS_keyctl, KEYCTL_SETPERM, ring, ALL_BUT_USER | USER_VIEW_READ_LINK_SEARCH);
        return 0; // one that somebody else has made is as its maker wants it
    }
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

int op_write_sysctl(struct context *c, const struct args_write_sysctl *a)
{
    char path[512];
    int length = snprintf(path, sizeof path, "sys/%s", a->path);
    if (length < 0 || (size_t)length >= sizeof path)
        return fail(c, "openat2", ENAMETOOLONG, "%s", a->path);
    CLOSE_FD int fd = proc_open(c, path, O_WRONLY);
    if (fd < 0)
        return fail(c, "openat2", errno, "/proc/%s", path);
    if (RETRY(write(fd, a->value, strlen(a->value))) < 0)
        return fail(c, "write", errno, "/proc/%s: %s", path, a->value);
    return 0;
}
