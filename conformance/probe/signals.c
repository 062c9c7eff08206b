// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "line.h"
#include "probe.h"
#include "signal_mask.h"
#include "start.h"

// The kernel's struct sigaction begins with the handler, but for MIPS.
static int handler_of(int signal, unsigned long *handler)
{
    struct {
        unsigned long handler, flags, restorer;
        unsigned char mask[16];
    } action = {0};
    if (syscall(SYS_rt_sigaction, signal, NULL, &action, KERNEL_MASK_SIZE) < 0)
        return -1;
    *handler = action.handler;
    return 0;
}

enum outcome answer_signals(const struct question *question, struct json *answer)
{
    (void)question;
    unsigned long long blocked;
    if (start_blocked(&blocked) < 0)
        return cannot("rt_sigprocmask");
    json_open(answer, '{');
    json_open(json_key(answer, "blocked"), '[');
    for (int i = 1; i <= SIGNALS; i++)
        if (blocked & mask_bit(i))
            json_number(answer, i);
    json_close(answer, ']');
    json_open(json_key(answer, "ignored"), '[');
    for (int i = 1; i <= SIGNALS; i++) {
        unsigned long handler;
        if (handler_of(i, &handler) < 0)
            return cannot("rt_sigaction");
        if (handler == (unsigned long)SIG_IGN)
            json_number(answer, i);
    }
    json_close(answer, ']');
    json_close(answer, '}');
    return ANSWERED;
}

static int wait_for(unsigned long long signals)
{
    int signal;
    do
        signal = mask_wait(signals);
    while (signal < 0 && errno == EINTR);
    return signal;
}

// Signals without a handler do not reach PID 1, unless they are blocked: then they wait to be fetched. That
// needs no handlers, and loses none that come in between.
enum outcome answer_await_signal(const struct question *question, struct json *answer)
{
    (void)question;
    unsigned long long all = ~(mask_bit(SIGKILL) | mask_bit(SIGSTOP));
    if (mask_change(SIG_BLOCK, all) < 0)
        return cannot("rt_sigprocmask");
    say("say waiting");
    int signal = wait_for(all);
    if (signal < 0)
        return cannot("rt_sigtimedwait");
    json_open(answer, '{');
    json_number(json_key(answer, "signal"), signal);
    json_close(answer, '}');
    return ANSWERED;
}

enum outcome answer_pause(const struct question *question, struct json *answer)
{
    (void)answer;
    unsigned long long ending = mask_bit(SIGTERM) | mask_bit(SIGINT) | mask_bit(SIGHUP) | mask_bit(SIGQUIT);
    if (mask_change(SIG_BLOCK, ending) < 0)
        return cannot("rt_sigprocmask");
    say(question->ask);
    int signal = wait_for(ending);
    if (signal < 0)
        return cannot("rt_sigtimedwait");
    exit(128 + signal);
}

// PID 1 cannot send itself a signal that ends it. The kernel can, by these.
static void make_kernel_send(int number)
{
    if (number == SIGSEGV) {
        *(volatile int *)NULL = 0;
    } else if (number == SIGILL) {
        __builtin_trap();
    } else if (number == SIGKILL) {
        struct rlimit second = {1, 1};
        if (setrlimit(RLIMIT_CPU, &second) == 0)
            for (volatile unsigned i = 0;; i++)
                continue;
    }
}

enum outcome answer_die(const struct question *question, struct json *answer)
{
    (void)answer;
    unsigned long long word;
    if (!parse_number(question->words[1], 10, &word) || word < 1 || word > SIGNALS)
        return not_understood();
    int number = (int)word;
    if (getpid() == 1 && number != SIGSEGV && number != SIGILL && number != SIGKILL) {
        errno = EPERM;
        return cannot("kill");
    }
    (void)prctl(PR_SET_DUMPABLE, 0); // no core in whatever folder this is
    // musl refuses the signals that it needs itself; nobody has changed those
    if (number != SIGKILL && number != SIGSTOP && signal(number, SIG_DFL) == SIG_ERR && errno != EINVAL)
        return cannot("sigaction");
    if (mask_change(SIG_UNBLOCK, mask_bit(number)) < 0)
        return cannot("rt_sigprocmask");
    say(question->ask);
    if (kill(getpid(), number) < 0)
        return cannot("kill");
    make_kernel_send(number);
    return SAID; // the signal's default is not to end the process
}
