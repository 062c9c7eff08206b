// SPDX-License-Identifier: Apache-2.0

// What libdbus asks for beside the C library, in the static executable.

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "dbus_peer.h"

int sd_listen_fds(int unset);
int sd_is_socket(int fd, int family, int type, int listening);

// For a D-Bus server that systemd hands its socket to; we are a client only.
int sd_listen_fds(int unset)
{
    (void)unset;
    return -ENOSYS;
}

int sd_is_socket(int fd, int family, int type, int listening)
{
    (void)fd, (void)family, (void)type, (void)listening;
    return -ENOSYS;
}

int64_t dbus_peer_uid = -1;

// libdbus introduces itself to the bus with its effective user id. In a user namespace, where rootless
// engines call us, the bus knows another one and would not believe it.
uid_t geteuid(void)
{
    return dbus_peer_uid >= 0 ? (uid_t)dbus_peer_uid : (uid_t)syscall(SYS_geteuid);
}
