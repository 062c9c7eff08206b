// SPDX-License-Identifier: Apache-2.0

// run in the foreground: waits for the container's end, forwards signals to it, and carries the terminal's
// bytes both ways.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>

#include "cleanup.h"
#include "context.h"
#include "notify.h"
#include "supervise.h"
#include "write_all.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

// Signals arrive through a pipe, not a signalfd: a host with threads cannot block them in all of these.
static int signal_pipe[2] = {-1, -1};

static void note_signal(int number)
{
    int saved = errno;
    uint8_t byte = (uint8_t)number;
    if (write(signal_pipe[1], &byte, 1) < 0)
        errno = saved; // a full pipe holds enough of the same
    errno = saved;
}

static const int forwarded[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM,
                                SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH};
enum { FORWARDED = sizeof forwarded / sizeof *forwarded };
static struct sigaction dispositions[FORWARDED];

// From here on the container is told, and the runtime no longer ends of them.
int op_catch_signals(struct context *c)
{
    struct sigaction note = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
        return fail(c, "pipe2", errno, "signals");
    for (int i = 0; i < FORWARDED; i++)
        (void)sigaction(forwarded[i], &note, &dispositions[i]);
    return 0;
}

void release_signals(void)
{
    if (signal_pipe[1] < 0)
        return;
    for (int i = 0; i < FORWARDED; i++)
        (void)sigaction(forwarded[i], &dispositions[i], NULL);
    close_fd(&signal_pipe[0]);
    close_fd(&signal_pipe[1]);
}

struct terminal {
    int master;
    bool raw; // stdin was a terminal and is in raw mode
    struct termios saved;
};

static void copy_size(const struct terminal *terminal)
{
    struct winsize size;
    if (terminal->master >= 0 && ioctl(0, TIOCGWINSZ, &size) == 0)
        (void)ioctl(terminal->master, TIOCSWINSZ, &size); // a size that cannot be set is not worth an end
}

static void enter_raw(struct terminal *terminal)
{
    struct termios raw;
    if (terminal->master < 0 || tcgetattr(0, &terminal->saved) < 0)
        return;
    raw = terminal->saved;
    cfmakeraw(&raw);
    raw.c_oflag |= OPOST;
    terminal->raw = tcsetattr(0, TCSANOW, &raw) == 0;
    copy_size(terminal);
}

// False at the end of the source.
static bool carry(int from, int to)
{
    char chunk[8192];
    ssize_t got = RETRY(read(from, chunk, sizeof chunk));
    return got > 0 && write_all(to, chunk, (size_t)got) == 0;
}

static void forward_signals(const struct context *c, const struct terminal *terminal)
{
    uint8_t numbers[64];
    ssize_t count = RETRY(read(signal_pipe[0], numbers, sizeof numbers));
    for (ssize_t i = 0; i < count; i++) {
        if (numbers[i] == SIGWINCH && terminal->master >= 0)
            copy_size(terminal);
        else // the container may have ended just now: its status comes next
            (void)syscall(SYS_pidfd_send_signal, c->init_pidfd, (int)numbers[i], NULL, 0);
    }
}

static void relay(struct context *c, struct terminal *terminal)
{
    struct pollfd fds[] = {{.fd = c->init_pidfd, .events = POLLIN},
                           {.fd = signal_pipe[0], .events = POLLIN},
                           {.fd = terminal->master, .events = POLLIN},
                           {.fd = terminal->master >= 0 ? 0 : -1, .events = POLLIN},
                           {.fd = c->notify, .events = POLLIN}};
    for (;;) {
        if (poll(fds, 5, -1) < 0 && errno != EINTR)
            return;
        if (fds[1].revents)
            forward_signals(c, terminal);
        if (fds[2].revents && !carry(terminal->master, 1))
            fds[2].fd = -1;
        if (fds[3].revents && !carry(0, terminal->master)) {
            fds[3].fd = -1;
            (void)write_all(terminal->master, "\004", 1); // our input's end is the terminal's
        }
        if (fds[4].revents && notify_received(c)) {
            notify_ready(c, getpid()); // we stay for as long as the container does
            fds[4].fd = -1;
        }
        // what it printed last is read before its end counts
        if ((fds[0].revents & POLLIN) && !(fds[2].fd >= 0 && (fds[2].revents & POLLIN)))
            return;
    }
}

int op_supervise_init(struct context *c, const struct args_supervise_init *a)
{
    struct terminal terminal = {.master = a->terminal ? c->console : -1};
    enter_raw(&terminal);
    relay(c, &terminal);
    if (terminal.raw)
        (void)tcsetattr(0, TCSANOW, &terminal.saved);
    siginfo_t info = {0};
    if (RETRY(waitid(P_PIDFD, (id_t)c->init_pidfd, &info, WEXITED)) < 0)
        return fail(c, "waitid", errno, "init");
    c->exit_status = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    return 0;
}
