// SPDX-License-Identifier: Apache-2.0
//
// Runs one command after another for scripts/bench.js and says what each cost. It is small and static so that
// the peak memory of a command is its own: until exec, ru_maxrss counts the pages of the parent.
// Called as `sleep` or `true` it is what runs inside the measured containers.

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MAX 65536
#define ARGS_MAX 64
#define HEADER_SIZE 8
#define POLL_NS 200000L

struct request {
    char text[REQUEST_MAX];
    char *args[ARGS_MAX + 1];
    size_t count;
};

struct streams {
    int null;
    int log;
};

extern char **environ;

static int fail(const char *call)
{
    fprintf(stderr, "measure: %s: %s\n", call, strerror(errno));
    return 1;
}

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int exit_code(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static long long micros(struct timeval t)
{
    return (long long)t.tv_sec * 1000000LL + t.tv_usec;
}

/** 1 when read, 0 at the end of the input, -1 on failure. */
static int read_exactly(char *to, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t n = read(STDIN_FILENO, to + have, size - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 || have > 0 ? -1 : 0;
        have += (size_t)n;
    }
    return 1;
}

/** A request is its size in eight digits, then that many bytes of strings, each ended by NUL. */
static int read_request(struct request *request)
{
    char header[HEADER_SIZE + 1] = {0};
    int got = read_exactly(header, HEADER_SIZE);
    if (got <= 0)
        return got;
    char *end;
    size_t size = strtoul(header, &end, 10);
    if (*end != '\0' || size == 0 || size > REQUEST_MAX)
        return -1;
    if (read_exactly(request->text, size) != 1 || request->text[size - 1] != '\0')
        return -1;
    request->count = 0;
    for (size_t at = 0; at < size; at += strlen(request->text + at) + 1) {
        if (request->count == ARGS_MAX)
            return -1;
        request->args[request->count++] = request->text + at;
    }
    request->args[request->count] = NULL;
    return 1;
}

static int start_command(char **args, const struct streams *streams, int out, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0)
        return error;
    error = posix_spawn_file_actions_adddup2(&actions, streams->null, STDIN_FILENO);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, streams->log, STDERR_FILENO);
    if (error == 0)
        error = posix_spawn(pid, args[0], &actions, NULL, args, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/** Times one command, from before it is spawned until it is reaped. */
static void run_command(char **args, const struct streams *streams, int out)
{
    struct rusage usage;
    int status;
    pid_t pid = 0;
    if (ftruncate(streams->log, 0) < 0) {
        printf("error ftruncate: %s\n", strerror(errno));
        return;
    }
    long long before = now_ns();
    int error = start_command(args, streams, out, &pid);
    if (error != 0) {
        printf("error posix_spawn %s: %s\n", args[0], strerror(error));
        return;
    }
    for (;;) { // containers that outlived their runtime are reaped on the way: this is a subreaper
        pid_t reaped = wait4(-1, &status, 0, &usage);
        if (reaped == pid)
            break;
        if (reaped < 0 && errno != EINTR) {
            printf("error wait4: %s\n", strerror(errno));
            return;
        }
    }
    long long wall = now_ns() - before;
    printf("ok %lld %lld %lld %ld %d\n", wall, micros(usage.ru_utime), micros(usage.ru_stime),
           usage.ru_maxrss, exit_code(status));
}

/** Waits until no container is left. */
static void reap_all(const char *limit_ms)
{
    long long deadline = now_ns() + strtoll(limit_ms, NULL, 10) * 1000000LL;
    const struct timespec pause = {0, POLL_NS};
    for (;;) {
        pid_t reaped = wait4(-1, NULL, WNOHANG, NULL);
        if (reaped < 0 && errno == ECHILD) {
            printf("ok 0 0 0 0 0\n");
            return;
        }
        if (reaped < 0 && errno != EINTR) {
            printf("error wait4: %s\n", strerror(errno));
            return;
        }
        if (reaped == 0 && now_ns() > deadline) {
            printf("error a process of a container is still there\n");
            return;
        }
        if (reaped == 0)
            nanosleep(&pause, NULL);
    }
}

/**
 * crun raises RLIMIT_MEMLOCK before it loads BPF and gives up when it may not, as on a machine without
 * CAP_SYS_RESOURCE; kernels since 5.11 do not need it raised. Where it cannot be raised for all commands,
 * this makes every attempt succeed without effect, for all runtimes alike.
 */
static int keep_memlock_from_failing(const char **how)
{
    const struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    *how = "raised";
    if (setrlimit(RLIMIT_MEMLOCK, &unlimited) == 0)
        return 0;
    *how = "pretended";
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 7),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RLIMIT_MEMLOCK, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2]) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {sizeof code / sizeof code[0], code};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ? 0 : -1;
}

static int serve(const char *log_path)
{
    static struct request request;
    struct streams streams;
    const char *memlock;
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
        return fail("prctl");
    streams.null = open("/dev/null", O_RDWR | O_CLOEXEC);
    streams.log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (streams.null < 0 || streams.log < 0)
        return fail("open");
    if (keep_memlock_from_failing(&memlock) < 0)
        return fail("seccomp");
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("ready %s\n", memlock);
    int got;
    while ((got = read_request(&request)) == 1) {
        const char *verb = request.args[0];
        if (strcmp(verb, "run") == 0 && request.count > 1)
            run_command(request.args + 1, &streams, streams.null);
        else if (strcmp(verb, "capture") == 0 && request.count > 1)
            run_command(request.args + 1, &streams, streams.log);
        else if (strcmp(verb, "reap") == 0 && request.count == 2)
            reap_all(request.args[1]);
        else
            printf("error unknown request %s\n", verb);
    }
    return got == 0 ? 0 : 1;
}

/**
 * Writes the seccomp filter that a process installed last: it gives floor.c what a runtime made of a profile.
 * The kernel numbers filters from the oldest, inherited one up.
 */
static int save_filter(pid_t pid, const char *path)
{
    static struct sock_filter code[BPF_MAXINSNS];
    long size = -1;
    int status;
    if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
        return fail("PTRACE_SEIZE");
    if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0 || waitpid(pid, &status, 0) < 0)
        return fail("PTRACE_INTERRUPT");
    for (unsigned long nth = 0;; nth++) {
        long got = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)nth, code);
        if (got < 0)
            break;
        size = got;
    }
    if (size < 0 || errno != ENOENT)
        return fail("PTRACE_SECCOMP_GET_FILTER");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t bytes = (size_t)size * sizeof code[0];
    if (fd < 0 || write(fd, code, bytes) != (ssize_t)bytes || close(fd) < 0)
        return fail(path);
    return 0;
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    const char *name = slash == NULL ? argv[0] : slash + 1;
    if (strcmp(name, "true") == 0)
        return 0;
    if (strcmp(name, "sleep") == 0)
        for (;;)
            pause();
    if (argc == 3 && strcmp(argv[1], "serve") == 0)
        return serve(argv[2]);
    if (argc == 4 && strcmp(argv[1], "filter") == 0)
        return save_filter((pid_t)strtol(argv[2], NULL, 10), argv[3]);
    fprintf(stderr, "usage: measure serve LOG | measure filter PID FILE\n");
    return 2;
}
