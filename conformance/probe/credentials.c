// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe.h"
#include "reading.h"

static const char *const capability_names[] = {
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
};

static void write_set(struct json *answer, unsigned long long set)
{
    json_open(answer, '[');
    for (unsigned i = 0; i < 64; i++) {
        char name[32];
        if (!(set >> i & 1))
            continue;
        if (i < sizeof capability_names / sizeof *capability_names)
            (void)snprintf(name, sizeof name, "CAP_%s", capability_names[i]);
        else
            (void)snprintf(name, sizeof name, "CAP_%u", i);
        json_text(answer, name);
    }
    json_close(answer, ']');
}

// Asks prctl for each capability, until the kernel knows no more of them.
static int prctl_set(int option, unsigned long first, bool second, unsigned long long *set)
{
    *set = 0;
    for (unsigned long i = 0; i < 64; i++) {
        int has = second ? prctl(option, first, i, 0UL, 0UL) : prctl(option, i, 0UL, 0UL, 0UL);
        if (has < 0 && errno == EINVAL && i > 0)
            break;
        if (has < 0)
            return -1;
        *set |= (unsigned long long)(unsigned)has << i;
    }
    return 0;
}

enum outcome answer_capabilities(const struct question *question, struct json *answer)
{
    (void)question;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    unsigned long long bounding, ambient;
    if (syscall(SYS_capget, &header, data) < 0)
        return cannot("capget");
    if (prctl_set(PR_CAPBSET_READ, 0, false, &bounding) < 0 ||
        prctl_set(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, true, &ambient) < 0)
        return cannot("prctl");
#define BOTH(field) (data[0].field | (unsigned long long)data[1].field << 32)
    json_open(answer, '{');
    write_set(json_key(answer, "effective"), BOTH(effective));
    write_set(json_key(answer, "permitted"), BOTH(permitted));
    write_set(json_key(answer, "inheritable"), BOTH(inheritable));
    write_set(json_key(answer, "bounding"), bounding);
    write_set(json_key(answer, "ambient"), ambient);
    json_close(answer, '}');
    return ANSWERED;
}

static const struct {
    const char *name;
    int resource;
} limits[] = {
#define LIMIT(name)                                                                                          \
    {                                                                                                        \
#name, name                                                                                          \
    }
    LIMIT(RLIMIT_AS),     LIMIT(RLIMIT_CORE),   LIMIT(RLIMIT_CPU),        LIMIT(RLIMIT_DATA),
    LIMIT(RLIMIT_FSIZE),  LIMIT(RLIMIT_LOCKS),  LIMIT(RLIMIT_MEMLOCK),    LIMIT(RLIMIT_MSGQUEUE),
    LIMIT(RLIMIT_NICE),   LIMIT(RLIMIT_NOFILE), LIMIT(RLIMIT_NPROC),      LIMIT(RLIMIT_RSS),
    LIMIT(RLIMIT_RTPRIO), LIMIT(RLIMIT_RTTIME), LIMIT(RLIMIT_SIGPENDING), LIMIT(RLIMIT_STACK),
};

enum outcome answer_limits(const struct question *question, struct json *answer)
{
    (void)question;
    json_open(answer, '{');
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct rlimit limit;
        if (getrlimit(limits[i].resource, &limit) < 0)
            return cannot("getrlimit");
        json_open(json_key(answer, limits[i].name), '{');
        json_decimal(json_key(answer, "soft"), limit.rlim_cur);
        json_decimal(json_key(answer, "hard"), limit.rlim_max);
        json_close(answer, '}');
    }
    json_close(answer, '}');
    return ANSWERED;
}

static bool read_attribute(const char *path, char *text, size_t size)
{
    ssize_t length = read_file(path, text, size - 1);
    if (length <= 0)
        return false;
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\0'))
        length--;
    text[length] = '\0';
    return length > 0;
}

// user:role:type[:level]; AppArmor's names with colons (":ns://profile (enforce)") end with their mode.
static bool is_selinux(const char *text)
{
    const char *colon = strchr(text, ':');
    return colon && colon != text && strchr(colon + 1, ':') && !strstr(text, " (");
}

// attr/current belongs to whichever LSM is the first to have it.
static void write_labels(struct json *answer)
{
    char current[4096], own[4096];
    bool has = read_attribute("/proc/self/attr/current", current, sizeof current);
    bool selinux = has && is_selinux(current);
    const char *apparmor = has && !selinux ? current : NULL;
    if (read_attribute("/proc/self/attr/apparmor/current", own, sizeof own))
        apparmor = own;
    json_key(answer, "apparmor");
    apparmor ? json_text(answer, apparmor) : json_null(answer);
    json_key(answer, "label");
    selinux ? json_text(answer, current) : json_null(answer);
}

enum outcome answer_security(const struct question *question, struct json *answer)
{
    (void)question;
    int privileges = prctl(PR_GET_NO_NEW_PRIVS, 0UL, 0UL, 0UL, 0UL);
    int filter = prctl(PR_GET_SECCOMP, 0UL, 0UL, 0UL, 0UL);
    int dumpable = prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
    int bits = prctl(PR_GET_SECUREBITS, 0UL, 0UL, 0UL, 0UL);
    if (filter < 0 && errno == EINVAL) // a kernel without seccomp
        filter = 0;
    if (privileges < 0 || filter < 0 || dumpable < 0 || bits < 0)
        return cannot("prctl");
    json_open(answer, '{');
    json_flag(json_key(answer, "noNewPrivileges"), privileges != 0);
    json_number(json_key(answer, "seccomp"), filter);
    write_labels(answer);
    json_number(json_key(answer, "dumpable"), dumpable);
    json_number(json_key(answer, "securebits"), bits);
    json_close(answer, '}');
    return ANSWERED;
}
