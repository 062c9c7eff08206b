// SPDX-License-Identifier: Apache-2.0

#include "line.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "errnos.h"

static int output = STDOUT_FILENO;
static const char *writer;
static bool lost;

static struct {
    const char *call;
    int error;
} failure;

enum outcome cannot(const char *call)
{
    failure.call = call;
    failure.error = errno;
    return FAILED;
}

static void finish(struct json *line)
{
    json_close(line, '}');
    json_line_end(line);
    const char *at = line->text;
    size_t left = line->broken ? 0 : line->length;
    lost |= line->broken;
    while (left > 0) {
        ssize_t written = write(output, at, left);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            lost = true;
            break;
        }
        at += written;
        left -= (size_t)written;
    }
    json_free(line);
}

static struct json begin(const char *ask)
{
    struct json line = {0};
    json_open(&line, '{');
    json_text(json_key(&line, "ask"), ask);
    if (writer)
        json_text(json_key(&line, "by"), writer);
    return line;
}

void line_answer(const char *ask, const struct json *answer)
{
    if (answer->broken) {
        errno = ENOMEM;
        (void)cannot("realloc");
        line_failure(ask);
        return;
    }
    struct json line = begin(ask);
    json_splice(json_key(&line, "answer"), answer);
    finish(&line);
}

void line_failure(const char *ask)
{
    struct json line = begin(ask);
    json_open(json_key(&line, "error"), '{');
    json_text(json_key(&line, "call"), failure.call);
    json_text(json_key(&line, "errno"), errno_name(failure.error));
    json_close(&line, '}');
    finish(&line);
}

void say(const char *ask)
{
    struct json line = begin(ask);
    json_null(json_key(&line, "answer"));
    finish(&line);
}

enum outcome line_to(const char *path, const char *by)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0)
        return cannot("open");
    if (output != STDOUT_FILENO)
        (void)close(output); // each line was checked when it was written
    output = fd;
    writer = by;
    return ANSWERED;
}

bool line_lost(void)
{
    return lost;
}

void line_leave(void)
{
    if (output > STDERR_FILENO)
        (void)close(output);
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        (void)close(fd);
}
