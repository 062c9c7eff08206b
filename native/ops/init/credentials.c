// SPDX-License-Identifier: Apache-2.0

// Who the program is and what it may do. The order in which lib/plan/process.ts asks for these matters:
// bounding set, keep, user, sets, ambient set.

#include <grp.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "context.h"

enum { GROUP_COUNT = 65536 }; // NGROUPS_MAX of Linux

int op_become_root(struct context *c, const struct args_become_root *a)
{
    if (a->drop_groups && setgroups(0, NULL) < 0)
        return fail(c, "setgroups", errno, "none");
    if (setresgid(0, 0, 0) < 0)
        return fail(c, "setresgid", errno, "0");
    if (setresuid(0, 0, 0) < 0)
        return fail(c, "setresuid", errno, "0");
    return 0;
}

int op_set_user(struct context *c, const struct args_set_user *a)
{
    static gid_t groups[GROUP_COUNT];
    if (a->groups.count > GROUP_COUNT)
        return fail(c, "setgroups", EINVAL, "%zu groups", a->groups.count);
    for (size_t i = 0; i < a->groups.count; i++)
        groups[i] = (gid_t)a->groups.items[i];
    if (a->set_groups && setgroups(a->groups.count, groups) < 0)
        return fail(c, "setgroups", errno, "%zu groups", a->groups.count);
    gid_t gid = (gid_t)a->gid;
    if (setresgid(gid, gid, gid) < 0)
        return fail(c, "setresgid", errno, "%" PRId64, a->gid);
    uid_t uid = (uid_t)a->uid;
    if (setresuid(uid, uid, uid) < 0)
        return fail(c, "setresuid", errno, "%" PRId64, a->uid);
    return 0;
}

int op_drop_bounding_set(struct context *c, const struct args_drop_bounding_set *a)
{
    for (unsigned long cap = 0; cap < 64; cap++) {
        int held = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);
        if (held < 0)
            break; // past the last one this kernel knows
        if (held && !(a->keep >> cap & 1) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
            return fail(c, "prctl", errno, "PR_CAPBSET_DROP %lu", cap);
    }
    return 0;
}

int op_keep_capabilities(struct context *c)
{
    return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ? fail(c, "prctl", errno, "PR_SET_KEEPCAPS") : 0;
}

int op_set_capabilities(struct context *c, const struct args_set_capabilities *a)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct sets[2];
    // what this kernel or a runtime with fewer rights cannot grant is left out, as the spec wants
    if (syscall(SYS_capget, &header, sets) < 0)
        return fail(c, "capget", errno, "own");
    uint64_t own = sets[0].permitted | (uint64_t)sets[1].permitted << 32;
    uint64_t effective = a->effective & own, permitted = a->permitted & own,
             inheritable = a->inheritable & own;
    for (int half = 0; half < 2; half++)
        sets[half] = (struct __user_cap_data_struct){.effective = (uint32_t)(effective >> (32 * half)),
                                                     .permitted = (uint32_t)(permitted >> (32 * half)),
                                                     .inheritable = (uint32_t)(inheritable >> (32 * half))};
    return syscall(SYS_capset, &header, sets) < 0
               ? fail(c, "capset", errno, "permitted 0x%" PRIx64, a->permitted)
               : 0;
}

int op_set_ambient_set(struct context *c, const struct args_set_ambient_set *a)
{
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return fail(c, "prctl", errno, "PR_CAP_AMBIENT_CLEAR_ALL");
    for (unsigned long cap = 0; cap < 64; cap++)
        if (a->set >> cap & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
            return fail(c, "prctl", errno, "PR_CAP_AMBIENT_RAISE %lu", cap);
    return 0;
}

int op_set_no_new_privileges(struct context *c)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? fail(c, "prctl", errno, "PR_SET_NO_NEW_PRIVS") : 0;
}

int op_set_rlimit(struct context *c, const struct args_set_rlimit *a)
{
    struct rlimit limit = {.rlim_cur = a->soft, .rlim_max = a->hard};
    return setrlimit((int)a->resource, &limit) < 0
               ? fail(c, "prlimit", errno, "soft %" PRIu64 ", hard %" PRIu64, a->soft, a->hard)
               : 0;
}

int op_umask(struct context *c, const struct args_umask *a)
{
    (void)c;
    (void)umask((mode_t)a->mask);
    return 0;
}

int op_set_personality(struct context *c, const struct args_set_personality *a)
{
    return personality((unsigned long)a->persona) < 0
               ? fail(c, "personality", errno, "0x%" PRIx64, (uint64_t)a->persona)
               : 0;
}

int op_set_parent_death_signal(struct context *c, const struct args_set_parent_death_signal *a)
{
    if (prctl(PR_SET_PDEATHSIG, (unsigned long)a->signal, 0, 0, 0) < 0)
        return fail(c, "prctl", errno, "PR_SET_PDEATHSIG");
    // a parent that has ended before sends no signal; from a pid namespace it cannot be seen that it is
    // another
    struct pollfd runtime = {.fd = c->sync, .events = 0};
    if (a->signal && RETRY(poll(&runtime, 1, 0)) > 0 && runtime.revents & POLLHUP)
        return fail(c, "poll", ESRCH, "the runtime has ended");
    return 0;
}

int op_set_dumpable(struct context *c, const struct args_set_dumpable *a)
{
    return prctl(PR_SET_DUMPABLE, (unsigned long)a->value, 0, 0, 0) < 0
               ? fail(c, "prctl", errno, "PR_SET_DUMPABLE")
               : 0;
}
