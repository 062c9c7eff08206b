// SPDX-License-Identifier: Apache-2.0

// The runtime's side of a plan: executes its steps, and whatever happens, tells what happened and leaves
// no child of a failed plan behind. What the steps made besides (cgroup, state) lib/plan/delete.ts undoes.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "context.h"
#include "criu.h"
#include "left_children.h"
#include "message.h"
#include "net_devices.h"
#include "runts.h"
#include "supervise.h"
#include "trace_report.h"

static int open_trace(struct context *c)
{
    c->trace_fd = trace_create();
    if (c->trace_fd < 0)
        return fail(c, "memfd_create", errno, "trace");
    c->trace = trace_map(c->trace_fd);
    return c->trace ? 0 : fail(c, "mmap", errno, "trace");
}

// When the runtime's own step failed because a child is gone, what the child said last is the cause.
static bool adopt_last_words(struct context *c)
{
    int error = c->failure.error;
    if (c->sync < 0 || c->failure.process != PROCESS_RUNTIME)
        return false;
    if (error != EPIPE && error != ECONNRESET && error != ESRCH && error != ENOENT)
        return false;
    struct message message;
    int fd = -1;
    if (fcntl(c->sync, F_SETFL, O_NONBLOCK) < 0)
        return false;
    while (message_receive(c->sync, &message, &fd) > 0) {
        close_fd(&fd);
        if (message.kind == MESSAGE_FAILURE) {
            c->failure = message.body.failure;
            return true;
        }
    }
    return false;
}

// Ends and reaps one child. A child that ended without a word was killed: say by what, since nobody else
// can know later. The pid is of our own child, not yet waited for, so it cannot be another's.
static void end_child(struct context *c, const char *name, pid_t pid, bool gone)
{
    siginfo_t info = {0};
    if (!gone)
        (void)kill(pid, SIGKILL);
    if (RETRY(waitid(P_PID, (id_t)pid, &info, WEXITED)) < 0 || !gone)
        return;
    (void)snprintf(c->failure.detail, sizeof c->failure.detail,
                   info.si_code == CLD_EXITED ? "%s exited with status %d" : "%s was killed by signal %d",
                   name, info.si_status);
}

// The init of a container made before, which has told what failed and ends: whoever hears of it finds it
// ended.
static void await_peer(const struct context *c)
{
    enum { MILLISECONDS = 5000 };
    CLOSE_FD int pidfd = (int)syscall(SYS_pidfd_open, c->peer, 0);
    struct pollfd ended = {.fd = pidfd, .events = POLLIN};
    if (pidfd >= 0)
        (void)RETRY(poll(&ended, 1, MILLISECONDS)); // then it is still there, which state says
}

static void end_children(struct context *c)
{
    bool told = adopt_last_words(c);
    if (c->peer > 0 && c->failure.process == PROCESS_INIT)
        await_peer(c);
    bool gone = !told && c->failure.process == PROCESS_RUNTIME && c->failure.error == EPIPE;
    close_fd(&c->sync); // whoever still waits for an event gives up
    if (c->stage > 0)
        end_child(c, "stage", c->stage, gone);
    if (c->init > 0)
        end_child(c, "init", c->init, gone);
}

static void take_trace(struct context *c, const struct runts_tracing *tracing, bool failed,
                       struct runts_outcome *outcome)
{
    if (!c->trace)
        return;
    const struct traced_plan traced = {
        .context = c,
        .failed = failed,
        .names = {.at = tracing->names.data, .end = tracing->names.data + tracing->names.length},
        .since = c->trace_since};
    struct text text = {0};
    struct spans spans;
    if (collect_spans(&traced, &spans) == 0)
        (tracing->lines ? write_lines : write_events)(&text, &traced, &spans);
    free(spans.items);
    put_char(&text, 0);
    *(tracing->lines ? &outcome->lines : &outcome->events) = text.data;
    (void)munmap(c->trace, sizeof *c->trace);
}

static void take_warnings(const struct context *c, struct runts_outcome *outcome)
{
    if (c->warning_count == 0)
        return;
    outcome->warnings = calloc(c->warning_count, sizeof *outcome->warnings);
    for (size_t i = 0; outcome->warnings && i < c->warning_count; i++) {
        const struct warning *from = &c->warnings[i];
        char *detail = strdup(from->detail);
        if (!detail)
            break;
        outcome->warnings[outcome->warning_count++] = (struct runts_warning){
            .process = from->process, .step = from->step, .error = from->error, .detail = detail};
    }
}

static int prepare(struct context *c, uint64_t trace_since)
{
    c->trace_since = trace_since;
    if (arena_open(&c->arena, c->plan.length) < 0)
        return fail(c, "mmap", errno, "arena");
    if (plan_check(&c->plan, PROCESS_COUNT, &c->arena) < 0)
        return fail(c, "plan", EBADMSG, "not well formed");
    return trace_since ? open_trace(c) : 0;
}

void runts_execute(const struct runts_words *plan, const struct runts_tracing *tracing,
                   struct runts_outcome *outcome)
{
    // 20 kB, and engines run on small stacks
    struct context *c = calloc(1, sizeof *c);
    *outcome = (struct runts_outcome){.process = -1, .exit_status = -1};
    if (!c) {
        *outcome = (struct runts_outcome){.process = 0, .error = ENOMEM, .exit_status = -1};
        return;
    }
    reap_left_children();
    context_open(c);
    c->self = PROCESS_RUNTIME;
    c->plan = (struct plan){.data = plan->data, .length = plan->length};
    int result = plan->broken ? fail(c, "malloc", ENOMEM, "plan") : prepare(c, tracing->since);
    if (result == 0)
        result = execute_section(c);
    if (result < 0) {
        end_criu(c);           // which ends what it has half restored, and lets go on what it has stopped
        return_net_devices(c); // while init still holds the namespace that they are in
        end_children(c);
        outcome->process = c->failure.process < 0 ? 0 : c->failure.process;
        outcome->step = c->failure.step;
        outcome->error = c->failure.error;
        memcpy(outcome->syscall, c->failure.syscall, sizeof outcome->syscall);
    }
    if (result == 0 && c->init > 0 && c->exit_status < 0)
        leave_child(c->init);
    outcome->detail = strdup(result < 0 ? c->failure.detail : "");
    outcome->pid = c->init;
    outcome->exit_status = c->exit_status;
    take_trace(c, tracing, result < 0, outcome);
    take_warnings(c, outcome);
    release_signals();
    end_criu(c);
    forget_net_devices(c);
    context_close(c);
    free(c);
}

void runts_free_outcome(struct runts_outcome *outcome)
{
    for (size_t i = 0; i < outcome->warning_count; i++)
        free(outcome->warnings[i].detail);
    free(outcome->warnings);
    free(outcome->events);
    free(outcome->lines);
    free(outcome->detail);
    *outcome = (struct runts_outcome){.process = -1, .exit_status = -1};
}
