// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "line.h"
#include "probe.h"

#define LOOK_EVERY 5 // milliseconds

static int wait_milliseconds(unsigned long long milliseconds)
{
    struct timespec left = {.tv_sec = (time_t)(milliseconds / 1000),
                            .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    int result;
    do
        result = nanosleep(&left, &left);
    while (result < 0 && errno == EINTR);
    return result;
}

enum outcome answer_log(const struct question *question, struct json *answer)
{
    json_null(answer);
    return line_to(question->words[1], question->words[2]);
}

enum outcome answer_say(const struct question *question, struct json *answer)
{
    (void)question;
    json_null(answer);
    return ANSWERED;
}

enum outcome answer_sleep(const struct question *question, struct json *answer)
{
    unsigned long long milliseconds;
    if (!parse_number(question->words[1], 10, &milliseconds))
        return not_understood();
    if (wait_milliseconds(milliseconds) < 0)
        return cannot("nanosleep");
    json_null(answer);
    return ANSWERED;
}

enum outcome answer_await(const struct question *question, struct json *answer)
{
    struct stat node;
    while (lstat(question->words[1], &node) < 0) {
        if (errno != ENOENT)
            return cannot("lstat");
        if (wait_milliseconds(LOOK_EVERY) < 0)
            return cannot("nanosleep");
    }
    json_null(answer);
    return ANSWERED;
}

enum outcome answer_exit(const struct question *question, struct json *answer)
{
    (void)answer;
    unsigned long long code;
    if (!parse_number(question->words[1], 10, &code) || code > 255)
        return not_understood();
    say(question->ask);
    exit((int)code);
}
