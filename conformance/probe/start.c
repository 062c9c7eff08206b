// SPDX-License-Identifier: Apache-2.0

#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "signal_mask.h"

static char **arguments;
static unsigned char descriptors[START_DESCRIPTORS / 8];
static unsigned long long blocked;
static int blocked_error;

// Without /proc there is no list of them; and opening it would make one more.
static void note_descriptors(void)
{
    for (int fd = 0; fd < START_DESCRIPTORS; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            descriptors[fd / 8] |= (unsigned char)(1 << fd % 8);
}

void start_note(char **argv)
{
    arguments = argv;
    if (mask_get(&blocked) < 0)
        blocked_error = errno;
    for (char **at = argv; *at; at++) {
        if (strcmp(*at, "descriptors") == 0) {
            note_descriptors();
            break;
        }
    }
}

char **start_arguments(void)
{
    return arguments;
}

bool start_open(int fd)
{
    return descriptors[fd / 8] >> fd % 8 & 1;
}

int start_blocked(unsigned long long *mask)
{
    *mask = blocked;
    errno = blocked_error;
    return blocked_error ? -1 : 0;
}
