// SPDX-License-Identifier: Apache-2.0

// The filter, seccomp(2): loadSeccomp. With a listener its descriptor must reach the agent before anything
// else happens, but the filter holds as soon as it is loaded: sending it is a call that the agent, who does
// not have it yet, may have to answer for. So a second thread, to which the filter does not apply, sends it
// and waits, while this one looks at memory only.

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "cleanup.h"
#include "message.h"

enum { STACK_SIZE = 65536, NOT_YET = -1, NOT_LOADED = -2 };

struct handover {
    struct context *c;
    atomic_int filter; // the descriptor, once the filter is loaded
    atomic_int done;
};

// errno is one for both threads: nobody looks at it while this one runs.
static int hand_over(void *argument)
{
    struct handover *handover = argument;
    const struct timespec moment = {.tv_nsec = 20000};
    while (atomic_load(&handover->filter) == NOT_YET)
        (void)nanosleep(&moment, NULL);
    int filter = atomic_load(&handover->filter), received = -1;
    if (filter == NOT_LOADED) {
        atomic_store(&handover->done, 1);
        return 0;
    }
    struct message message;
    if (send_event(handover->c, EVENT_LISTENING, 0, filter) < 0 ||
        message_receive(handover->c->sync, &message, &received) != 1 || message.kind != MESSAGE_EVENT ||
        message.event != EVENT_PASSED)
        // the runtime is gone, or could not reach the agent and has said so: with the filter the other thread
        // might not even be able to end
        (void)syscall(SYS_exit_group, 1);
    close_fd(&filter);
    atomic_store(&handover->done, 1);
    return 0;
}

static int load_with_listener(struct context *c, unsigned flags, struct sock_fprog *program)
{
    struct handover handover = {.c = c, .filter = NOT_YET, .done = 0};
    char *stack =
        mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED)
        return fail(c, "mmap", errno, "a stack");
    int shared = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
    if (clone(hand_over, stack + STACK_SIZE, shared, &handover) < 0)
        return fail(c, "clone", errno, "a thread to pass the filter on");
    long filter =
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_NEW_LISTENER, program);
    int error = errno;
    atomic_store(&handover.filter, filter < 0 ? NOT_LOADED : (int)filter);
    while (!atomic_load(&handover.done)) {
        // no call at all: any of them may be one that the agent is to answer
    }
    return filter < 0 ? fail(c, "seccomp", error, "SECCOMP_FILTER_FLAG_NEW_LISTENER") : 0;
}

int op_load_seccomp(struct context *c, const struct args_load_seccomp *a)
{
    struct sock_fprog program = {.len = (unsigned short)(a->program.length / sizeof(struct sock_filter)),
                                 .filter = (struct sock_filter *)(uintptr_t)a->program.data};
    if (a->program.length == 0 || a->program.length > (size_t)BPF_MAXINSNS * sizeof(struct sock_filter))
        return fail(c, "seccomp", EINVAL, "%zu bytes", a->program.length);
    if (a->listener)
        return load_with_listener(c, (unsigned)a->flags, &program);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, (unsigned)a->flags, &program) != 0)
        return fail(c, "seccomp", errno, "SECCOMP_SET_MODE_FILTER");
    return 0;
}
