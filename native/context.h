// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the steps of one process share while a plan is executed. Each program fills what it has.

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"
#include "ops.h"
#include "plan.h"
#include "trace.h"

enum { TREE_COUNT = 128, NAMESPACE_COUNT = 8, IDMAP_COUNT = 32 };

struct warning {
    int process;
    int step;
    int error;
    char detail[256];
};

struct context {
    enum process self;
    struct plan plan;
    struct arena arena;
    struct failure failure; // the first one; valid when a step returned -1
    struct warning warnings[8];
    size_t warning_count;
    struct trace *trace;  // NULL unless asked for
    int trace_fd;         // for those that are still to map it
    uint64_t trace_since; // runtime: from which the trace counts its times; 0 without one

    int sync;    // runtime <-> stage and init
    int state;   // the container's folder below the root
    int cgroup;  // the container's cgroup
    int listen;  // where init waits for start
    int notify;  // runtime: where the container's program says that it is ready
    int manager; // runtime: whom that is handed on to
    int console; // runtime: the master; init: the slave
    int rootfs;  // init: the mount in which container paths are resolved
    int label;   // init: where a label for the next exec is written
    int proc;    // init: the host's procfs
    int empty;   // init: an empty read-only tmpfs, to mask directories with
    int null;    // init: the host's /dev/null as a detached mount, to mask files with
    int offsets; // stage: of the clocks of its time namespace
    int trees[TREE_COUNT];
    int namespaces[NAMESPACE_COUNT];
    int idmaps[IDMAP_COUNT]; // runtime: user namespaces whose mappings are those of mounts

    struct net_devices *net_devices; // runtime: those that moveNetDevice took from the host; NULL before

    struct criu *criu; // runtime: the program that startCriu started; NULL without

    pid_t stage;
    pid_t init; // our child, to be ended if the plan fails
    pid_t peer; // start: the init of a container made before
    int init_pidfd;
    int exit_status;    // -1 until superviseInit
    int program_status; // of the program that the current step ran; -1 without
};

void context_open(struct context *c);
// Closes every descriptor the context holds.
void context_close(struct context *c);

// Runs the steps of one process in order; -1 with c->failure filled when one fails.
int execute_section(struct context *c);

// Records what went wrong without ending the plan.
void warn(struct context *c, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));
