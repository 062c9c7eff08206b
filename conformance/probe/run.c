// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "errnos.h"
#include "probe.h"

#define OUTPUT_MOST 65536
#define TICK 10 // milliseconds

struct output {
    char text[OUTPUT_MOST];
    size_t length;
};

static _Noreturn void execute(char **words, const int output[2], const int refusal[2])
{
    child_signals();
    if (dup2(output[1], STDOUT_FILENO) >= 0)
        (void)execve(words[0], words, environ);
    int error = errno;
    (void)write(refusal[1], &error, sizeof error); // the parent sees by its lack that there was none
    _exit(127);
}

// Takes what there is; what is more than OUTPUT_MOST is thrown away. False at the end.
static bool drain(int fd, struct output *output)
{
    char rest[4096];
    for (;;) {
        bool full = output->length == sizeof output->text;
        ssize_t got = full ? read(fd, rest, sizeof rest)
                           : read(fd, output->text + output->length, sizeof output->text - output->length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 && errno == EAGAIN;
        output->length += full ? 0 : (size_t)got;
    }
}

// Until the program ends: its own children may keep the pipe.
static bool collect(pid_t child, int fd, struct output *output, int *status)
{
    for (bool open = true;;) {
        pid_t got = waitpid(child, status, WNOHANG);
        if (got < 0 && errno != EINTR)
            return false;
        if (open)
            open = drain(fd, output);
        if (got == child)
            return true;
        struct pollfd readable = {.fd = open ? fd : -1, .events = POLLIN};
        (void)poll(&readable, 1, TICK); // only a pause: what it says is seen by reading
    }
}

static enum outcome write_run(struct json *answer, int error, int status, const struct output *output)
{
    json_open(answer, '{');
    if (error) {
        json_text(json_key(answer, "errno"), errno_name(error));
        json_null(json_key(answer, "exit"));
        json_null(json_key(answer, "signal"));
        json_null(json_key(answer, "output"));
    } else {
        child_write(answer, status);
        json_bytes(json_key(answer, "output"), output->text, output->length);
    }
    json_close(answer, '}');
    return ANSWERED;
}

static enum outcome follow(char **words, const int output[2], const int refusal[2], struct json *answer)
{
    static struct output collected;
    int status, error = 0;
    collected.length = 0;
    pid_t child = fork();
    if (child < 0)
        return cannot("fork");
    if (child == 0)
        execute(words, output, refusal);
    if (!collect(child, output[0], &collected, &status))
        return cannot("waitpid");
    if (read(refusal[0], &error, sizeof error) < 0 && errno != EAGAIN)
        return cannot("read");
    return write_run(answer, error, status, &collected);
}

enum outcome answer_run(const struct question *question, struct json *answer)
{
    int output[2], refusal[2];
    if (pipe2(output, O_CLOEXEC) < 0)
        return cannot("pipe2");
    if (pipe2(refusal, O_CLOEXEC | O_NONBLOCK) < 0) {
        (void)cannot("pipe2");
        (void)close(output[0]);
        (void)close(output[1]);
        return FAILED;
    }
    enum outcome outcome = fcntl(output[0], F_SETFL, O_NONBLOCK) < 0
                               ? cannot("fcntl")
                               : follow(question->words + 1, output, refusal, answer);
    for (int i = 0; i < 2; i++) {
        (void)close(output[i]);
        (void)close(refusal[i]);
    }
    return outcome;
}
