// SPDX-License-Identifier: Apache-2.0

#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"

static uint64_t now(void)
{
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) < 0)
        return 0;
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

int trace_create(void)
{
    CLOSE_FD int fd = memfd_create("runts-trace", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0 || ftruncate(fd, sizeof(struct trace)) < 0)
        return -1;
    // reading memory behind the end of a file that was cut is a SIGBUS
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW) < 0)
        return -1;
    return steal_fd(&fd);
}

struct trace *trace_map(int fd)
{
    struct stat info;
    if (fstat(fd, &info) < 0)
        return NULL;
    if (info.st_size != sizeof(struct trace)) {
        errno = EBADMSG;
        return NULL;
    }
    void *shared = mmap(NULL, sizeof(struct trace), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return shared == MAP_FAILED ? NULL : shared;
}

struct traced_step *trace_begin(struct trace *trace, enum process process, int step)
{
    if (!trace)
        return NULL;
    uint64_t at = trace->processes[process].count;
    if (at >= TRACE_STEPS)
        return NULL;
    struct traced_step *traced = &trace->processes[process].steps[at];
    *traced = (struct traced_step){.step = (uint64_t)step, .start = now()};
    // whoever looks while we go on sees whole entries only
    __atomic_store_n(&trace->processes[process].count, at + 1, __ATOMIC_RELEASE);
    return traced;
}

void trace_end(struct traced_step *traced, bool failed, int status)
{
    if (!traced)
        return;
    traced->failed = failed;
    traced->status = status;
    __atomic_store_n(&traced->end, now(), __ATOMIC_RELEASE);
}
