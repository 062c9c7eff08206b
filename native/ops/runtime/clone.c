// SPDX-License-Identifier: Apache-2.0

// The runtime's children: cloneStage, cloneInit, reapStage. Both children are the runts-init program,
// started from a sealed memfd: the container never sees a host binary through /proc/self/exe
// (CVE-2019-5736), and a JavaScript engine's threads and memory stay out of it.

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "boot.h"
#include "cleanup.h"
#include "message.h"
#include "runts.h"
#include "write_all.h"

#ifndef MFD_EXEC // Linux 6.3
#define MFD_EXEC 0x0010U
#endif

static int sealed_memfd(struct context *c, const char *name, unsigned flags, const struct bytes *parts,
                        size_t count)
{
    CLOSE_FD int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | flags);
    if (fd < 0 && errno == EINVAL)
        fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return fail(c, "memfd_create", errno, "%s", name);
    for (size_t i = 0; i < count; i++)
        if (write_all(fd, parts[i].data, parts[i].length) < 0)
            return fail(c, "write", errno, "%s", name);
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
        return fail(c, "fcntl", errno, "F_ADD_SEALS of %s", name);
    return steal_fd(&fd);
}

static int boot_memfd(struct context *c, enum process self, int sync)
{
    struct boot boot = {.magic = BOOT_MAGIC,
                        .self = (int)self,
                        .sync = sync,
                        .listen = c->listen,
                        .trace = c->trace_fd,
                        .plan_length = c->plan.length};
    memcpy(boot.trees, c->trees, sizeof boot.trees);
    memcpy(boot.namespaces, c->namespaces, sizeof boot.namespaces);
    struct bytes parts[] = {{.data = (const uint8_t *)&boot, .length = sizeof boot},
                            {.data = c->plan.data, .length = c->plan.length}};
    return sealed_memfd(c, "runts-plan", 0, parts, 2);
}

static void inherit(int fd)
{
    if (fd >= 0)
        (void)fcntl(fd, F_SETFD, 0); // fails for a closed descriptor only, which runts-init would report
}

// The last words of a child that never became runts-init.
static _Noreturn void give_up(const struct context *c, int sync, const char *syscall, const char *detail)
{
    struct message message = {.kind = MESSAGE_FAILURE, .from = PROCESS_RUNTIME};
    message.body.failure =
        (struct failure){.process = PROCESS_RUNTIME, .step = c->failure.step, .error = errno};
    (void)strcpy(message.body.failure.syscall, syscall);
    (void)strcpy(message.body.failure.detail, detail);
    (void)message_send(sync, &message, -1);
    _exit(127);
}

// How a child begins, in memory that it shares with us until it executes runts-init.
struct birth {
    bool join;           // it puts itself into the cgroup
    volatile bool begun; // it has run
};

// In the child, before exec: nothing but system calls, since a threaded host's locks may be held.
static _Noreturn __attribute__((noinline)) void child(const struct context *c, struct birth *birth, int sync,
                                                      int blob, int plan, const char *plan_text)
{
    birth->begun = true;
    CLOSE_FD int procs =
        birth->join ? openat(c->cgroup, "cgroup.procs", O_WRONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (birth->join && (procs < 0 || RETRY(write(procs, "0", 1)) < 0))
        give_up(c, sync, "write", "cgroup.procs");
    const int fds[] = {sync, plan, c->listen, c->trace_fd};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        inherit(fds[i]);
    for (size_t i = 0; i < TREE_COUNT; i++)
        inherit(c->trees[i]);
    for (size_t i = 0; i < NAMESPACE_COUNT; i++)
        inherit(c->namespaces[i]);
    const char *const argv[] = {"runts-init", plan_text, NULL};
    const char *const envp[] = {NULL};
    (void)syscall(SYS_execveat, blob, "", argv, envp, AT_EMPTY_PATH);
    give_up(c, sync, "execveat", "runts-init");
}

// clone3(2) without a copy of our memory: the child borrows it until it executes runts-init, and we sleep
// meanwhile. Copying the page tables of even a small JavaScript engine, and then each page we write to,
// takes longer than the exec. The system call must be made here, not in a function of the C library: the
// child would return from that and leave its stack frame to be overwritten before we return from it too.
static long spawn(struct clone_args *args, const struct context *c, struct birth *birth, int sync, int blob,
                  int plan, const char *text)
{
    long result;
    sigset_t all, before;
    (void)sigfillset(&all);
    // a handler must not run in the child, where it would write to our memory
    (void)sigprocmask(SIG_SETMASK, &all, &before);
#if defined(__x86_64__)
    args->flags |= CLONE_VM | CLONE_VFORK;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(SYS_clone3), "D"(args), "S"(sizeof *args)
                     : "rcx", "r11", "memory");
#elif defined(__aarch64__)
    args->flags |= CLONE_VM | CLONE_VFORK;
    register long x8 __asm__("x8") = SYS_clone3;
    register long x0 __asm__("x0") = (long)args;
    register long x1 __asm__("x1") = sizeof *args;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
    result = x0;
#else
    result = syscall(SYS_clone3, args, sizeof *args);
    result = result < 0 ? -errno : result;
    birth->begun = true; // nothing is shared here, so nobody can know
#endif
    if (result == 0)
        child(c, birth, sync, blob, plan, text);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return result;
}

static int clone_child(struct context *c, enum process self, uint64_t flags, bool into_cgroup, pid_t *pid,
                       int *pidfd)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return fail(c, "socketpair", errno, "sync");
    c->sync = pair[0];
    CLOSE_FD int sync = pair[1];
    struct bytes image = {.data = runts_init_blob, .length = runts_init_blob_length};
    CLOSE_FD int blob = sealed_memfd(c, "runts-init", MFD_EXEC, &image, 1);
    CLOSE_FD int plan = blob < 0 ? -1 : boot_memfd(c, self, sync);
    if (plan < 0)
        return -1;
    char plan_text[12];
    (void)snprintf(plan_text, sizeof plan_text, "%d", plan);
    struct clone_args args = {.flags = flags | CLONE_PIDFD, .exit_signal = SIGCHLD};
    args.pidfd = (uint64_t)(uintptr_t)pidfd;
    if (into_cgroup) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = (unsigned)c->cgroup;
    }
    struct birth birth = {.join = false};
    long result = spawn(&args, c, &birth, sync, blob, plan, plan_text);
    if (into_cgroup && result > 0 && !birth.begun) {
        // Kernels with a fix for cgroup.kill (6.14, and those it was ported to) kill whoever is born into a
        // cgroup that was ever killed so: they compare a counter of it with one of the caller's cgroup.
        siginfo_t info;
        if (RETRY(waitid(P_PID, (id_t)result, &info, WEXITED)) < 0)
            return fail(c, "waitid", errno, "a child killed at birth");
        close_fd(pidfd);
        args.flags &= ~(uint64_t)CLONE_INTO_CGROUP;
        birth.join = true;
        result = spawn(&args, c, &birth, sync, blob, plan, plan_text);
    }
    if (result < 0) {
        errno = (int)-result;
        return fail(c, "clone3", errno, "flags 0x%llx", (unsigned long long)args.flags);
    }
    *pid = (pid_t)result;
    return 0;
}

int op_clone_stage(struct context *c, const struct args_clone_stage *a)
{
    CLOSE_FD int pidfd = -1;
    return clone_child(c, PROCESS_STAGE, 0, a->into_cgroup != 0, &c->stage, &pidfd);
}

int op_clone_init(struct context *c, const struct args_clone_init *a)
{
    return clone_child(c, PROCESS_INIT, (uint64_t)a->flags, a->into_cgroup != 0, &c->init, &c->init_pidfd);
}

int op_reap_stage(struct context *c)
{
    siginfo_t info = {0};
    if (RETRY(waitid(P_PID, (id_t)c->stage, &info, WEXITED)) < 0)
        return fail(c, "waitid", errno, "stage");
    c->stage = 0;
    if (info.si_code != CLD_EXITED || info.si_status != 0)
        return fail(c, "waitid", ECHILD, "stage ended with %d", info.si_status);
    return 0;
}
