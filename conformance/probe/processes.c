// SPDX-License-Identifier: Apache-2.0

// Children that are only there to be there: left behind, counted, large.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "errnos.h"
#include "line.h"
#include "probe.h"
#include "signal_mask.h"
#include "start.h"

#define STEP 4096 // bytes: no page is smaller

// It keeps no descriptor of the probe: whoever reads the probe's output is to see its end.
static _Noreturn void stay(void)
{
    for (int i = 1; i <= SIGNALS; i++)
        (void)signal(i, SIG_DFL); // SIGKILL, SIGSTOP and musl's own cannot be anything else
    (void)mask_change(SIG_SETMASK, 0);
    line_leave();
    for (;;)
        (void)pause();
}

enum outcome answer_spawn(const struct question *question, struct json *answer)
{
    (void)question;
    pid_t child = fork();
    if (child < 0)
        return cannot("fork");
    if (child == 0)
        stay();
    json_open(answer, '{');
    json_number(json_key(answer, "pid"), child);
    json_close(answer, '}');
    return ANSWERED;
}

// Lives until the other end of the pipe is closed, which the probe's own death does, too.
static _Noreturn void hang(const int held[2])
{
    char byte;
    (void)close(held[1]);
    while (read(held[0], &byte, 1) < 0 && errno == EINTR)
        continue;
    _exit(0);
}

static size_t fork_many(pid_t *children, size_t most, const int held[2])
{
    size_t made = 0;
    errno = 0;
    while (made < most) {
        pid_t child = fork();
        if (child == 0)
            hang(held);
        if (child < 0)
            break;
        children[made++] = child;
    }
    return made;
}

enum outcome answer_forks(const struct question *question, struct json *answer)
{
    unsigned long long most;
    int held[2], status;
    if (!parse_number(question->words[1], 10, &most) || most > 1U << 22)
        return not_understood();
    pid_t *children = calloc((size_t)most + 1, sizeof *children);
    if (!children)
        return cannot("calloc");
    if (pipe2(held, O_CLOEXEC) < 0) {
        free(children);
        return cannot("pipe2");
    }
    size_t made = fork_many(children, (size_t)most, held);
    int error = errno;
    (void)close(held[1]);
    bool waited = true;
    for (size_t i = 0; i < made; i++)
        waited &= child_wait(children[i], &status);
    (void)close(held[0]);
    free(children);
    if (!waited)
        return cannot("waitpid");
    json_open(answer, '{');
    json_number(json_key(answer, "made"), (long long)made);
    if (made < most)
        json_text(json_key(answer, "errno"), errno_name(error));
    json_close(answer, '}');
    return ANSWERED;
}

static _Noreturn void touch(size_t bytes)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    volatile char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        _exit(1);
    for (size_t i = 0; i < bytes; i += STEP)
        memory[i] = 1;
    _exit(0);
}

enum outcome answer_allocate(const struct question *question, struct json *answer)
{
    unsigned long long bytes;
    int status;
    if (!parse_number(question->words[1], 10, &bytes) || bytes == 0 || bytes > SIZE_MAX)
        return not_understood();
    pid_t child = fork();
    if (child < 0)
        return cannot("fork");
    if (child == 0)
        touch((size_t)bytes);
    if (!child_wait(child, &status))
        return cannot("waitpid");
    json_open(answer, '{');
    child_write(answer, status);
    json_close(answer, '}');
    return ANSWERED;
}

static bool read_clock(clockid_t clock, long long *nanoseconds)
{
    struct timespec now;
    if (clock_gettime(clock, &now) < 0)
        return false;
    *nanoseconds = (long long)now.tv_sec * 1000000000 + now.tv_nsec;
    return true;
}

enum outcome answer_spin(const struct question *question, struct json *answer)
{
    unsigned long long milliseconds;
    long long start, used_before, now, used;
    if (!parse_number(question->words[1], 10, &milliseconds) || milliseconds > 1000000000)
        return not_understood();
    if (!read_clock(CLOCK_MONOTONIC, &start) || !read_clock(CLOCK_PROCESS_CPUTIME_ID, &used_before))
        return cannot("clock_gettime");
    do
        if (!read_clock(CLOCK_MONOTONIC, &now))
            return cannot("clock_gettime");
    while (now - start < (long long)milliseconds * 1000000);
    if (!read_clock(CLOCK_PROCESS_CPUTIME_ID, &used))
        return cannot("clock_gettime");
    json_open(answer, '{');
    json_number(json_key(answer, "got"), (used - used_before) / 1000000);
    json_close(answer, '}');
    return ANSWERED;
}
