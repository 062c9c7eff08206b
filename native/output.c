// SPDX-License-Identifier: Apache-2.0

// What a program of the host prints: for programs that only tell something. posix_spawn(3), because a
// JavaScript engine's process is large and may have threads.

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "runts.h"
#include "system_failure.h"

extern char **environ;

static int spawn(char *const *argv, int output, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    (void)sigfillset(&all);
    (void)sigemptyset(&none);
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0)
        return error;
    if ((error = posix_spawnattr_init(&attributes)) == 0) {
        // Node.js ignores SIGPIPE, which a program would inherit
        (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        (void)posix_spawnattr_setsigdefault(&attributes, &all);
        (void)posix_spawnattr_setsigmask(&attributes, &none);
        if ((error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)) == 0 &&
            (error = posix_spawn_file_actions_adddup2(&actions, output, 1)) == 0 &&
            (error = posix_spawn_file_actions_adddup2(&actions, output, 2)) == 0)
            error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return error;
}

// Until its end; the errno, or 0.
static int read_all(int fd, size_t limit, struct runts_bytes *out)
{
    size_t capacity = 0;
    for (;;) {
        if (out->length == capacity) {
            capacity = capacity ? capacity * 2 : 16384;
            uint8_t *data = realloc(out->data, capacity);
            if (!data)
                return ENOMEM;
            out->data = data;
        }
        ssize_t got = RETRY(read(fd, out->data + out->length, capacity - out->length));
        if (got == 0)
            return 0;
        if (got < 0)
            return errno;
        out->length += (size_t)got;
        if (out->length > limit)
            return E2BIG;
    }
}

int runts_output(const struct runts_strings *args, size_t limit, struct runts_bytes *out, int *status,
                 struct runts_failure *failure)
{
    *out = (struct runts_bytes){0};
    const char *name = args->count > 0 ? args->items[0] : "";
    int ends[2];
    if (args->count == 0 || pipe2(ends, O_CLOEXEC) < 0)
        return fail(failure, "pipe2", args->count == 0 ? EINVAL : errno, name);
    CLOSE_FD int reader = ends[0];
    CLOSE_FD int writer = ends[1];
    char **argv = calloc(args->count + 1, sizeof *argv);
    if (!argv)
        return fail(failure, "malloc", ENOMEM, name);
    memcpy(argv, args->items, args->count * sizeof *argv);
    pid_t pid = 0;
    int error = spawn(argv, writer, &pid);
    free(argv);
    if (error != 0)
        return fail(failure, "execve", error, name);
    close_fd(&writer);
    error = read_all(reader, limit, out);
    if (error != 0)
        (void)kill(pid, SIGKILL); // nobody reads what it has to say
    siginfo_t info = {0};
    if (RETRY(waitid(P_PID, (id_t)pid, &info, WEXITED)) < 0 && error == 0)
        error = errno;
    *status = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    if (error == 0)
        return 0;
    runts_free_bytes(out);
    return fail(failure, "read", error, name);
}
