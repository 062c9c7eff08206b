// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "probe.h"
#include "reading.h"
#include "start.h"

#define INPUT_MOST (1 << 20)

static void write_target(struct json *answer, int fd)
{
    char link[32], target[PATH_MAX];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, target, sizeof target);
    if (length < 0)
        json_null(answer);
    else
        json_bytes(answer, target, (size_t)length);
}

static const char *access_of(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0)
        return "?";
    if (flags & O_PATH)
        return "path";
    return (flags & O_ACCMODE) == O_RDONLY ? "r" : (flags & O_ACCMODE) == O_WRONLY ? "w" : "rw";
}

enum outcome answer_descriptors(const struct question *question, struct json *answer)
{
    (void)question;
    json_open(answer, '[');
    for (int fd = 0; fd < START_DESCRIPTORS; fd++) {
        if (!start_open(fd))
            continue;
        json_open(answer, '{');
        json_number(json_key(answer, "fd"), fd);
        write_target(json_key(answer, "target"), fd);
        json_text(json_key(answer, "access"), access_of(fd));
        json_close(answer, '}');
    }
    json_close(answer, ']');
    return ANSWERED;
}

enum outcome answer_terminal(const struct question *question, struct json *answer)
{
    (void)question;
    int terminal = -1;
    struct winsize size = {0};
    json_open(answer, '{');
    json_open(json_key(answer, "isTerminal"), '[');
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        bool is = isatty(fd) == 1;
        if (!is && errno != ENOTTY && errno != EBADF)
            return cannot("ioctl");
        json_flag(answer, is);
        if (is && terminal < 0)
            terminal = fd;
    }
    json_close(answer, ']');
    json_key(answer, "name");
    if (terminal < 0)
        json_null(answer);
    else
        write_target(answer, terminal);
    if (terminal >= 0 && ioctl(terminal, TIOCGWINSZ, &size) < 0)
        return cannot("ioctl");
    json_number(json_key(answer, "rows"), size.ws_row);
    json_number(json_key(answer, "columns"), size.ws_col);
    // only the controlling terminal tells its session
    json_flag(json_key(answer, "controlling"), terminal >= 0 && tcgetsid(terminal) >= 0);
    json_close(answer, '}');
    return ANSWERED;
}

enum outcome answer_stdin(const struct question *question, struct json *answer)
{
    (void)question;
    size_t length;
    char *text = read_all(STDIN_FILENO, INPUT_MOST, &length);
    if (!text)
        return cannot("read");
    json_bytes(answer, text, length);
    free(text);
    return ANSWERED;
}
