// SPDX-License-Identifier: Apache-2.0

// runts-init: the program of stage and init. It executes its part of the plan it finds in the memfd named
// by its argument, and ends by becoming the user's program, or by telling which step failed.

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "boot.h"
#include "cleanup.h"
#include "message.h"

// What the caller ignored or blocked must not reach the container.
static void reset_signals(void)
{
    sigset_t none;
    struct sigaction standard = {.sa_handler = SIG_DFL};
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < 65; number++)
        (void)sigaction(number, &standard, NULL); // SIGKILL and SIGSTOP cannot be set, nor need they be
}

static const struct boot *map_boot(const char *number)
{
    int fd = number ? atoi(number) : -1;
    struct stat info;
    if (fd < 3 || fstat(fd, &info) < 0 || (size_t)info.st_size < sizeof(struct boot))
        return NULL;
    size_t size = (size_t)info.st_size;
    const struct boot *boot = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    (void)close(fd);
    if (boot == MAP_FAILED || boot->magic != BOOT_MAGIC || boot->plan_length != size - sizeof *boot)
        return NULL;
    return boot;
}

static void take_boot(struct context *c, const struct boot *boot)
{
    c->self = (enum process)boot->self;
    c->sync = boot->sync;
    c->listen = boot->listen;
    c->trace_fd = boot->trace;
    memcpy(c->trees, boot->trees, sizeof c->trees);
    memcpy(c->namespaces, boot->namespaces, sizeof c->namespaces);
    c->plan = (struct plan){.data = (const uint8_t *)(boot + 1), .length = boot->plan_length};
}

// A trace that cannot be kept is not worth an end.
static void map_trace(struct context *c)
{
    if (c->trace_fd < 0)
        return;
    c->trace = trace_map(c->trace_fd);
    close_fd(&c->trace_fd);
}

static void tell_failure(const struct context *c)
{
    struct message message = {.kind = MESSAGE_FAILURE, .from = (int)c->self};
    message.body.failure = c->failure;
    if (message_send(c->sync, &message, -1) == 0 || errno == EPIPE || errno == ECONNRESET)
        return; // told, or whoever listened is gone
    // the container's filter may refuse sendmsg and let this pass
    if (write(c->sync, &message, message_length(&message)) < 0)
        return;
}

int main(int argc, char **argv)
{
    static struct context context; // 20 kB, in the bss rather than on the stack
    struct context *c = &context;
    const struct boot *boot = map_boot(argc == 2 ? argv[1] : NULL);
    if (!boot)
        return 125;
    reset_signals();
    (void)umask(0); // modes in the plan are meant as they stand
    (void)prctl(PR_SET_NAME, "runts-init", 0, 0, 0);
    context_open(c);
    take_boot(c, boot);
    // nothing that leaked into the caller may leak on (CVE-2024-21626)
    if (syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) < 0)
        return 125;
    map_trace(c);
    int result =
        arena_open(&c->arena, c->plan.length) < 0 ? fail(c, "mmap", errno, "arena") : execute_section(c);
    if (result == 0)
        return 0;
    tell_failure(c);
    return 1;
}
