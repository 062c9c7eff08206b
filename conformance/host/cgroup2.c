// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <linux/magic.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/statfs.h>

#include "reap.h"
#include "warden.h"

#define CGROUPS "/sys/fs/cgroup"

int mount_cgroup2(void)
{
    struct statfs about;
    if (statfs(CGROUPS, &about) < 0) {
        (void)complain("statfs", CGROUPS);
        return -1;
    }
    if (about.f_type == CGROUP2_SUPER_MAGIC)
        return 0;
    // Detaching takes along what is mounted below. It ends with EINVAL: at what is no mount, or belongs to
    // the user namespace outside and is covered then.
    while (umount2(CGROUPS, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
        continue;
    if (errno != EINVAL) {
        (void)complain("umount2", CGROUPS);
        return -1;
    }
    if (mount("cgroup2", CGROUPS, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) {
        (void)complain("mount", CGROUPS " (cgroup2)");
        return -1;
    }
    return 0;
}
