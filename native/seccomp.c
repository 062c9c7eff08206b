// SPDX-License-Identifier: Apache-2.0

// Compiles a seccomp profile to a BPF program, by libseccomp. The profile's words, as lib/plan/seccomp.ts
// writes them:
//   version, default action, whether each call must have a name that the library knows, whether those newer
//   than the profile get ENOSYS, number of architectures, AUDIT_ARCH_* each, number of rules, and for each
//   rule its system call's name, action, number of conditions, and for each condition: index of the argument,
//   enum scmp_compare, value (or mask), second value.
// Actions are SECCOMP_RET_* with the errno in the lower bits.

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "runts.h"
#include "seccomp_newer.h"

enum { PROFILE_VERSION = 3, ARGUMENTS = 6 };

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    bool broken;
};

struct compiler {
    scmp_filter_ctx filter;
    struct reader reader;
    struct newest newest;
    uint32_t otherwise; // the default action
    bool strict;
};

static void release(scmp_filter_ctx *filter)
{
    if (*filter)
        seccomp_release(*filter);
}

static int fail(struct runts_failure *failure, const char *syscall, int error, const char *what)
{
    failure->syscall = syscall;
    failure->error = error;
    (void)snprintf(failure->path, sizeof failure->path, "%s", what);
    return -1;
}

static const uint8_t *take(struct reader *reader, uint8_t tag, size_t size)
{
    size_t left = (size_t)(reader->end - reader->at);
    if (reader->broken || left < 1 + size || *reader->at != tag) {
        reader->broken = true;
        return NULL;
    }
    const uint8_t *content = reader->at + 1;
    reader->at = content + size;
    return content;
}

static uint64_t take_uint(struct reader *reader)
{
    uint64_t value = 0;
    const uint8_t *content = take(reader, 'i', sizeof value);
    if (content)
        memcpy(&value, content, sizeof value); // words are not aligned
    return value;
}

static uint32_t take_uint32(struct reader *reader)
{
    uint64_t value = take_uint(reader);
    if (value > UINT32_MAX)
        reader->broken = true;
    return (uint32_t)value;
}

static const char *take_string(struct reader *reader)
{
    uint32_t length = 0;
    const uint8_t *content = take(reader, 's', sizeof length);
    if (!content)
        return NULL;
    memcpy(&length, content, sizeof length);
    size_t left = (size_t)(reader->end - reader->at);
    const uint8_t *text = reader->at;
    if (left <= length || memchr(text, 0, (size_t)length + 1) != text + length) {
        reader->broken = true;
        return NULL;
    }
    reader->at += (size_t)length + 1;
    return (const char *)text;
}

static int add_architectures(struct compiler *compiler, struct runts_failure *failure)
{
    struct reader *reader = &compiler->reader;
    newest_add_architecture(&compiler->newest, seccomp_arch_native());
    for (uint64_t left = take_uint(reader); left > 0 && !reader->broken; left--) {
        uint32_t architecture = take_uint32(reader);
        int error = seccomp_arch_add(compiler->filter, architecture);
        newest_add_architecture(&compiler->newest, architecture);
        if (error == 0 || error == -EEXIST) // the native one is there from the beginning
            continue;
        char name[16];
        (void)snprintf(name, sizeof name, "0x%08x", architecture);
        return fail(failure, "seccomp_arch_add", -error, name);
    }
    return 0;
}

static int add_rule(struct compiler *compiler, struct runts_failure *failure)
{
    struct reader *reader = &compiler->reader;
    const char *name = take_string(reader);
    uint32_t action = take_uint32(reader);
    uint32_t count = take_uint32(reader);
    struct scmp_arg_cmp conditions[ARGUMENTS];
    if (count > ARGUMENTS)
        reader->broken = true;
    for (uint32_t i = 0; i < count && !reader->broken; i++) {
        uint32_t index = take_uint32(reader);
        uint32_t compare = take_uint32(reader);
        uint64_t value = take_uint(reader);
        uint64_t second = take_uint(reader);
        if (index >= ARGUMENTS || compare > SCMP_CMP_MASKED_EQ)
            reader->broken = true;
        conditions[i] = (struct scmp_arg_cmp){
            .arg = index, .op = (enum scmp_compare)compare, .datum_a = value, .datum_b = second};
    }
    if (reader->broken)
        return 0;
    // A name that this library does not know is newer than it: the default action applies, as with the peers.
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR)
        return compiler->strict ? fail(failure, "seccomp_syscall_resolve_name", ENOENT, name) : 0;
    newest_note(&compiler->newest, name);
    if (action == compiler->otherwise)
        return 0; // says what holds anyway, and libseccomp refuses it
    int error = seccomp_rule_add_array(compiler->filter, action, number, count, conditions);
    return error == 0 ? 0 : fail(failure, "seccomp_rule_add_array", -error, name);
}

static int export(const struct compiler *compiler, bool newer, struct runts_bytes *out,
                  struct runts_failure *failure)
{
    struct sock_filter before[NEWER_INSTRUCTIONS];
    size_t before_size = newer ? newest_instructions(&compiler->newest, before) * sizeof *before : 0;
    CLOSE_FD int fd = memfd_create("seccomp", MFD_CLOEXEC);
    if (fd < 0)
        return fail(failure, "memfd_create", errno, "seccomp");
    int error = seccomp_export_bpf(compiler->filter, fd);
    if (error < 0)
        return fail(failure, "seccomp_export_bpf", -error, "");
    struct stat status;
    if (fstat(fd, &status) < 0)
        return fail(failure, "fstat", errno, "seccomp");
    size_t own_size = (size_t)status.st_size, size = before_size + own_size;
    if (own_size == 0 ||
        size > BPF_MAXINSNS * sizeof(struct sock_filter)) // seccomp(2) says EINVAL to these, to us later
        return fail(failure, "seccomp_export_bpf", E2BIG, "the filter has more than 4096 instructions");
    out->data = malloc(size);
    if (!out->data)
        return fail(failure, "malloc", ENOMEM, "seccomp");
    out->length = size;
    memcpy(out->data, before, before_size);
    ssize_t got = RETRY(pread(fd, out->data + before_size, own_size, 0)); // a memfd gives all there is
    if (got == (ssize_t)own_size)
        return 0;
    int why = got < 0 ? errno : EIO;
    runts_free_bytes(out);
    return fail(failure, "pread", why, "seccomp");
}

const char *runts_seccomp_version(void)
{
    static char text[32];
    const struct scmp_version *version = seccomp_version();
    (void)snprintf(text, sizeof text, "%u.%u.%u", version->major, version->minor, version->micro);
    return text;
}

int runts_compile_seccomp(const struct runts_words *profile, struct runts_bytes *out,
                          struct runts_failure *failure)
{
    *out = (struct runts_bytes){0};
    struct compiler compiler = {
        .reader = {.at = profile->data, .end = profile->data + profile->length, .broken = profile->broken}};
    struct reader *reader = &compiler.reader;
    if (take_uint(reader) != PROFILE_VERSION)
        reader->broken = true;
    uint32_t action = compiler.otherwise = take_uint32(reader);
    compiler.strict = take_uint32(reader) != 0;
    bool newer = take_uint32(reader) != 0;
    if (reader->broken)
        return fail(failure, "seccomp_init", EINVAL, "a profile in another form");
    __attribute__((cleanup(release))) scmp_filter_ctx filter = compiler.filter = seccomp_init(action);
    if (!filter)
        return fail(failure, "seccomp_init", EINVAL, "the default action");
    // A tree instead of a list: slower to make, but the kernel, which tries every system call when it loads a
    // filter, loads it in less than half the time.
    int error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (error < 0)
        return fail(failure, "seccomp_attr_set", -error, "SCMP_FLTATR_CTL_OPTIMIZE");
    if (add_architectures(&compiler, failure) < 0)
        return -1;
    for (uint64_t left = take_uint(reader); left > 0 && !reader->broken; left--)
        if (add_rule(&compiler, failure) < 0)
            return -1;
    if (reader->broken || reader->at != reader->end)
        return fail(failure, "seccomp_rule_add_array", EINVAL, "a profile in another form");
    return export(&compiler, newer, out, failure);
}

void runts_system_call(int number, char name[64])
{
    char *found = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
    (void)snprintf(name, 64, "%s", found ? found : "");
    free(found);
}
