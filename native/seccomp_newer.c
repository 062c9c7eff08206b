// SPDX-License-Identifier: Apache-2.0

#include "seccomp_newer.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>

enum { X32_CALL = 0x40000000 }; // __X32_SYSCALL_BIT: the same architecture for the kernel, another table

void newest_add_architecture(struct newest *newest, uint32_t architecture)
{
    for (size_t i = 0; i < newest->count; i++)
        if (newest->of[i].architecture == architecture)
            return;
    if (newest->count == NEWER_ARCHITECTURES)
        return;
    newest->of[newest->count].architecture = architecture;
    newest->of[newest->count++].number = -1;
}

void newest_note(struct newest *newest, const char *name)
{
    for (size_t i = 0; i < newest->count; i++) {
        int number = seccomp_syscall_resolve_name_arch(newest->of[i].architecture, name);
        if (number > newest->of[i].number)
            newest->of[i].number = number;
    }
}

static int number_of(const struct newest *newest, uint32_t architecture)
{
    for (size_t i = 0; i < newest->count; i++)
        if (newest->of[i].architecture == architecture)
            return newest->of[i].number;
    return -1;
}

static const struct sock_filter load_architecture =
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
static const struct sock_filter load_number =
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
static const struct sock_filter no_such_call = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);

// Past what follows when the number is not above the newest.
static struct sock_filter unless_above(int newest, uint8_t skip)
{
    return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)newest, 0, skip);
}

size_t newest_instructions(const struct newest *newest, struct sock_filter out[NEWER_INSTRUCTIONS])
{
    size_t length = 0;
    for (size_t i = 0; i < newest->count; i++) {
        uint32_t architecture = newest->of[i].architecture;
        int number = newest->of[i].number;
        if (number < 0 || architecture == SCMP_ARCH_X32)
            continue;
        int x32 = architecture == SCMP_ARCH_X86_64 ? number_of(newest, SCMP_ARCH_X32) : -1;
        size_t start = length;
        out[length++] = load_architecture;
        length++; // the jump over all this, once its length is known
        out[length++] = load_number;
        if (architecture == SCMP_ARCH_X86_64)
            out[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, X32_CALL, 2, 0);
        out[length++] = unless_above(number, x32 < 0 ? 1 : 3);
        out[length++] = no_such_call;
        if (x32 >= 0) {
            out[length++] = unless_above(x32, 1);
            out[length++] = no_such_call;
        }
        out[start + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 0,
                                                      (uint8_t)(length - start - 2));
    }
    return length;
}
