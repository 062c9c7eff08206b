// SPDX-License-Identifier: Apache-2.0

// Hooks: run to their end, with the state on stdin, within their time; and the same for other programs of
// the host. posix_spawn(3), because a JavaScript engine's process is large and may have threads.

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "clock.h"
#include "program.h"

enum { OUTPUT_SIZE = 1536 };

struct output {
    char text[OUTPUT_SIZE];
    size_t length;
};

// Keeps the end of what comes, where programs say why they failed.
static ssize_t read_output(int fd, struct output *output)
{
    char chunk[OUTPUT_SIZE / 2];
    ssize_t got = RETRY(read(fd, chunk, sizeof chunk));
    if (got <= 0)
        return got;
    size_t length = (size_t)got;
    if (output->length + length >= OUTPUT_SIZE) {
        size_t drop = output->length + length - OUTPUT_SIZE + 1;
        memmove(output->text, output->text + drop, output->length - drop);
        output->length -= drop;
    }
    memcpy(output->text + output->length, chunk, length);
    output->length += length;
    output->text[output->length] = 0;
    return got;
}

struct spawned {
    pid_t pid;
    int pidfd;
    int input;
    int output;
};

static int spawn(struct context *c, const struct program *program, struct spawned *out)
{
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) < 0)
        return fail(c, "pipe2", errno, "%s", program->path);
    CLOSE_FD int input_read = input[0];
    out->input = input[1];
    if (pipe2(output, O_CLOEXEC) < 0)
        return fail(c, "pipe2", errno, "%s", program->path);
    CLOSE_FD int output_write = output[1];
    out->output = output[0];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    (void)sigfillset(&all);
    (void)sigemptyset(&none);
    int error = posix_spawn_file_actions_init(&actions);
    if (error == 0)
        error = posix_spawnattr_init(&attributes);
    if (error != 0)
        return fail(c, "posix_spawn", error, "%s", program->path);
    // a group of its own, so that a time-out ends what it started as well
    (void)posix_spawnattr_setflags(&attributes,
                                   POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    (void)posix_spawnattr_setsigdefault(&attributes, &all);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    if ((error = posix_spawn_file_actions_adddup2(&actions, input_read, 0)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, output_write, 1)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, output_write, 2)) == 0)
        error = posix_spawn(&out->pid, program->path, &actions, &attributes, program->argv, program->envp);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return error ? fail(c, "execve", error, "%s", program->path) : 0;
}

static void feed(struct spawned *child, const struct program *program, size_t *fed)
{
    ssize_t written = write(child->input, program->input + *fed, program->input_length - *fed);
    if (written > 0)
        *fed += (size_t)written;
    // a program that does not read its input is no error
    if (written < 0 ? errno != EAGAIN && errno != EINTR : *fed == program->input_length)
        close_fd(&child->input);
}

static bool has_ended(const struct spawned *child)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

// Without a pidfd, which a container's filter may refuse, the end is looked for again and again.
static int patience(const struct spawned *child, int64_t left)
{
    enum { LOOK_AGAIN = 10 };
    return child->pidfd >= 0 || (left >= 0 && left < LOOK_AGAIN) ? (int)left : LOOK_AGAIN;
}

// Until the program has ended: 1, or 0 when its time is over, or -1.
static int converse(struct spawned *child, const struct program *program, struct output *output)
{
    size_t fed = 0;
    int64_t end = monotonic_milliseconds() + program->seconds * 1000;
    for (;;) {
        struct pollfd fds[] = {{.fd = child->pidfd, .events = POLLIN},
                               {.fd = child->output, .events = POLLIN},
                               {.fd = child->input, .events = POLLOUT}};
        int64_t left = program->seconds ? end - monotonic_milliseconds() : -1;
        if (program->seconds && left <= 0)
            return 0;
        bool ended = child->pidfd < 0 && has_ended(child);
        if (poll(fds, 3, ended ? 0 : patience(child, left)) < 0 && errno != EINTR)
            return -1;
        if (fds[2].revents)
            feed(child, program, &fed);
        if (fds[1].revents && read_output(child->output, output) <= 0)
            close_fd(&child->output);
        if ((ended || fds[0].revents) && !(fds[1].revents & POLLIN))
            return 1; // what a daemon it left behind still prints is not waited for
    }
}

int run_program(struct context *c, const struct program *program)
{
    struct spawned child = {.pid = 0, .pidfd = -1, .input = -1, .output = -1};
    struct output output = {.length = 0};
    // writing to a program that has ended already must not end this process
    void (*handler)(int) = signal(SIGPIPE, SIG_IGN);
    int ended = -1;
    int result = spawn(c, program, &child);
    if (result == 0) {
        child.pidfd = (int)syscall(SYS_pidfd_open, child.pid, 0);
        (void)fcntl(child.input, F_SETFL, O_NONBLOCK);
        (void)fcntl(child.output, F_SETFL, O_NONBLOCK);
        ended = converse(&child, program, &output);
        if (ended != 1)
            (void)kill(-child.pid, SIGKILL);
    }
    close_fd(&child.input);
    close_fd(&child.output);
    close_fd(&child.pidfd);
    (void)signal(SIGPIPE, handler);
    if (result < 0)
        return -1;
    siginfo_t info = {0};
    if (RETRY(waitid(P_PID, (id_t)child.pid, &info, WEXITED)) < 0)
        return fail(c, "waitid", errno, "%s", program->path);
    c->program_status = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    if (ended == 0)
        return fail(c, "poll", ETIMEDOUT, "%s: not done after %" PRId64 " s: %s", program->path,
                    program->seconds, output.text);
    if (info.si_code == CLD_EXITED && info.si_status == 0)
        return 0;
    return fail(c, "", 0, "%s: %s %d%s%s", program->path,
                info.si_code == CLD_EXITED ? "exit status" : "killed by signal", info.si_status,
                output.length ? ": " : "", output.text);
}

int op_run_hook(struct context *c, const struct args_run_hook *a)
{
    // as long as the annotations are; memory of its own, since there is no heap behind the steps of init
    size_t size = strlen(a->state) + sizeof "-2147483648}";
    char *state = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (state == MAP_FAILED)
        return fail(c, "mmap", errno, "state for a hook");
    // the state of a hook in the container's namespaces has the pid as the container sees it
    pid_t pid = c->self == PROCESS_INIT ? getpid() : c->init ? c->init : c->peer;
    int length = snprintf(state, size, "%s%d}", a->state, pid);
    struct program program = {.path = a->path,
                              .argv = a->args.items,
                              .envp = a->env.items,
                              .input = state,
                              .input_length = (size_t)length,
                              .seconds = a->timeout};
    char *const named[] = {(char *)(uintptr_t)a->path, NULL};
    if (a->args.count == 0)
        program.argv = named;
    int result = length < 0 ? fail(c, "snprintf", errno, "state for a hook") : run_program(c, &program);
    (void)munmap(state, size);
    if (result == 0 || !a->optional)
        return result;
    warn(c, c->failure.error, "%.200s", c->failure.detail);
    c->failure.error = 0;
    return 0;
}
