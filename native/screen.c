// SPDX-License-Identifier: Apache-2.0

// The terminal of a command that draws on all of it and reads keys: given back as it was, however it ends.

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "cleanup.h"
#include "runts.h"
#include "system_failure.h"
#include "write_all.h"

static const int fatal[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
enum { FATAL = sizeof fatal / sizeof *fatal };

static struct {
    volatile sig_atomic_t is; // held, and to be given back once
    bool keys;                // standard input is a terminal, whose settings were changed
    struct termios settings;
    struct sigaction dispositions[FATAL];
    char farewell[64];
    size_t length;
} held;

void runts_screen_size(int fd, int *columns, int *rows)
{
    struct winsize size = {0};
    (void)ioctl(fd, TIOCGWINSZ, &size); // ENOTTY leaves zeros
    *columns = size.ws_col;
    *rows = size.ws_row;
}

// Nothing in it may not be called in a signal handler.
static int give_back(void)
{
    if (!held.is)
        return 0;
    held.is = 0;
    if (held.keys)
        (void)tcsetattr(0, TCSANOW, &held.settings); // a terminal that is gone needs no settings
    return write_all(1, held.farewell, held.length);
}

static void give_back_and_end(int number)
{
    (void)give_back();
    (void)raise(number); // SA_RESETHAND: its default action, so that the caller sees what ended us
}

int runts_hold_terminal(const char *farewell, size_t length, struct runts_failure *failure)
{
    if (held.is || length > sizeof held.farewell)
        return fail(failure, "tcsetattr", held.is ? EBUSY : EINVAL, "");
    memcpy(held.farewell, farewell, length);
    held.length = length;
    held.keys = tcgetattr(0, &held.settings) == 0;
    held.is = 1;
    struct sigaction end = {.sa_handler = give_back_and_end, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
    for (int i = 0; i < FATAL; i++)
        (void)sigaction(fatal[i], &end, &held.dispositions[i]);
    if (!held.keys)
        return 0;
    struct termios keys = held.settings;
    // ISIG, too: Ctrl-C is a key, so that it ends the command in order
    keys.c_lflag &= (tcflag_t) ~(ICANON | ECHO | ISIG);
    keys.c_cc[VMIN] = 1;
    keys.c_cc[VTIME] = 0;
    if (tcsetattr(0, TCSANOW, &keys) == 0)
        return 0;
    int error = errno;
    held.length = 0; // nothing was drawn yet
    (void)runts_release_terminal(failure);
    return fail(failure, "tcsetattr", error, "");
}

int runts_release_terminal(struct runts_failure *failure)
{
    if (!held.is)
        return 0;
    int result = give_back() < 0 ? fail(failure, "write", errno, "1") : 0;
    for (int i = 0; i < FATAL; i++)
        (void)sigaction(fatal[i], &held.dispositions[i], NULL);
    return result;
}

int runts_read_keys(int milliseconds, char keys[16], size_t *length, struct runts_failure *failure)
{
    struct pollfd input = {.fd = 0, .events = POLLIN};
    *length = 0;
    int ready = poll(&input, 1, milliseconds);
    if (ready < 0 && errno != EINTR)
        return fail(failure, "poll", errno, "0");
    if (ready <= 0)
        return 0;
    ssize_t got = RETRY(read(0, keys, 16));
    if (got < 0 && errno != EIO) // EIO: the terminal hung up
        return fail(failure, "read", errno, "0");
    if (got <= 0) {
        keys[0] = 4;
        got = 1;
    }
    for (ssize_t i = 0; i < got; i++)
        if (keys[i] <= 0 || keys[i] > 126)
            keys[i] = '?';
    *length = (size_t)got;
    return 0;
}
