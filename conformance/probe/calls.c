// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "call_numbers.h"
#include "child.h"
#include "errnos.h"
#include "probe.h"

#define LIMIT 10000 // milliseconds: some calls wait for ever

// Shared with the child: telling the parent must not need another system call, which a filter could refuse.
struct result {
    long value;
    int error;
    bool returned;
};

static bool forks(long number)
{
#ifdef SYS_fork
    if (number == SYS_fork)
        return true;
#endif
    return number == SYS_clone || number == 435; // clone3
}

static _Noreturn void make_call(long number, const unsigned long long *arguments, struct result *result)
{
    unsigned long a[6];
    for (int i = 0; i < 6; i++)
        a[i] = (unsigned long)arguments[i];
    child_signals();
    errno = 0;
    long value = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (value == 0 && forks(number))
        _exit(0);
    result->value = value;
    result->error = value == -1 ? errno : 0;
    result->returned = true;
    _exit(0);
}

static bool wait_limited(pid_t child, int *status)
{
    struct timespec tick = {.tv_nsec = 1000000};
    for (int i = 0; i < LIMIT; i++) {
        pid_t got = waitpid(child, status, WNOHANG);
        if (got == child)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
        (void)nanosleep(&tick, NULL); // as long as it likes
    }
    (void)kill(child, SIGKILL);
    return child_wait(child, status);
}

static enum outcome call(long number, const unsigned long long *arguments, struct json *answer)
{
    int status;
    struct result *result =
        mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (result == MAP_FAILED)
        return cannot("mmap");
    pid_t child = fork();
    if (child < 0)
        return cannot("fork");
    if (child == 0)
        make_call(number, arguments, result);
    if (!wait_limited(child, &status))
        return cannot("waitpid");
    char text[32];
    int length = result->returned ? snprintf(text, sizeof text, "%ld", result->value) : 0;
    json_open(answer, '{');
    json_key(answer, "result");
    if (result->returned)
        json_bytes(answer, text, (size_t)length);
    else
        json_null(answer);
    if (result->error)
        json_text(json_key(answer, "errno"), errno_name(result->error));
    json_key(answer, "signal");
    if (WIFSIGNALED(status))
        json_number(answer, WTERMSIG(status));
    else
        json_null(answer);
    json_close(answer, '}');
    (void)munmap(result, sizeof *result);
    return ANSWERED;
}

static bool parse_call(const struct question *question, long *number, unsigned long long *arguments)
{
    unsigned long long written;
    if (parse_number(question->words[1], 10, &written))
        *number = (long)written;
    else if (!call_number(question->words[1], number))
        return false;
    for (size_t i = 2; i < question->count; i++)
        if (!parse_number(question->words[i], 0, &arguments[i - 2]))
            return false;
    return true;
}

enum outcome answer_call(const struct question *question, struct json *answer)
{
    unsigned long long arguments[6] = {0};
    long number;
    if (!parse_call(question, &number, arguments))
        return not_understood();
    if (number < 0) {
        errno = ENOSYS;
        return cannot("syscall");
    }
    return call(number, arguments, answer);
}

static int call_from_thread(void *number)
{
    (void)syscall(*(const long *)number, 0, 0, 0, 0, 0, 0);
    return 0;
}

// Ends with 0 when the thread has ended and this process has not ended with it.
static _Noreturn void outlive_thread(long number)
{
    enum { STACK = 1 << 16 };
    int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
    struct timespec tick = {.tv_nsec = 1000000};
    volatile pid_t thread = 0;
    child_signals();
    char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED ||
        clone(call_from_thread, stack + STACK, flags, &number, &thread, NULL, &thread) < 0)
        _exit(1);
    while (thread != 0)
        (void)nanosleep(&tick, NULL);
    _exit(0);
}

enum outcome answer_call_in_thread(const struct question *question, struct json *answer)
{
    int status;
    unsigned long long arguments[6];
    long number;
    if (!parse_call(question, &number, arguments) || number < 0)
        return not_understood();
    pid_t child = fork();
    if (child < 0)
        return cannot("fork");
    if (child == 0)
        outlive_thread(number);
    if (!wait_limited(child, &status))
        return cannot("waitpid");
    json_open(answer, '{');
    child_write(answer, status);
    json_close(answer, '}');
    return ANSWERED;
}
