// SPDX-License-Identifier: Apache-2.0

// The last steps: waiting for start, the working directory, the descriptors, the program.

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "message.h"

// Not SIGHUP: whoever was handed the terminal may close it before the start.
static const int ending[] = {SIGINT, SIGQUIT, SIGTERM};

static void on_ending(int signal)
{
    _exit(128 + signal);
}

static void handle_ending(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        (void)sigaction(ending[i], &action, NULL); // fails for a signal that is none only
}

// The first process of a pid namespace is spared by the kernel what it has no handler for: kill(2),
// pid_namespaces(7). A container that waits for its start would not end by what ends any other process.
int op_await_start(struct context *c)
{
    handle_ending(on_ending);
    int connection = RETRY(accept4(c->listen, NULL, NULL, SOCK_CLOEXEC));
    if (connection < 0)
        return fail(c, "accept4", errno, "start");
    handle_ending(SIG_DFL);
    // the runtime that made us is gone; from here on the start command hears what fails
    close_fd(&c->sync);
    close_fd(&c->listen);
    c->sync = connection;
    struct message message;
    CLOSE_FD int fd = -1;
    if (await_event(c, PROCESS_RUNTIME, EVENT_START, &message, &fd) < 0)
        return -1;
    // what is left to do belongs to the trace of the start, if there is one; nobody reads create's any more
    c->trace = fd < 0 ? NULL : trace_map(fd);
    return 0;
}

int op_change_directory(struct context *c, const struct args_change_directory *a)
{
    char where[PATH_MAX + 16];
    if (chdir(a->path) < 0) {
        if (a->optional && (errno == EACCES || errno == EPERM))
            return 0; // the user's own rights may do, once they are taken
        if (errno == EACCES && syscall(SYS_getcwd, where, sizeof where) > 0 && strcmp(where, a->path) == 0)
            return 0; // already there, with rights the user does not have
        return fail(c, "chdir", errno, "%s", a->path);
    }
    // a leaked descriptor as working directory would lie outside the container (CVE-2024-21626)
    if (syscall(SYS_getcwd, where, sizeof where) < 0)
        return fail(c, "getcwd", errno, "%s", a->path);
    return where[0] == '/' ? 0 : fail(c, "getcwd", EPERM, "%s is outside the container", a->path);
}

int op_close_descriptors(struct context *c, const struct args_close_descriptors *a)
{
    unsigned first = (unsigned)a->first, kept = (unsigned)c->sync;
    // kept open until exec closes it: on it start hears why exec failed
    if (kept > first && syscall(SYS_close_range, first, kept - 1, 0U) < 0)
        return fail(c, "close_range", errno, "%u to %u", first, kept - 1);
    unsigned next = kept >= first ? kept + 1 : first;
    if (syscall(SYS_close_range, next, ~0U, 0U) < 0)
        return fail(c, "close_range", errno, "from %u", next);
    // those handed on by the engine were marked at our start like all others
    for (int fd = 3; fd < a->first; fd++)
        (void)fcntl(fd, F_SETFD, 0); // one that is closed stays so
    return 0;
}

// Calls `attempt` for the file itself, or for it in each folder of the search path, until one succeeds.
// What execvp(3) does: a file that is there but may not be executed is remembered, the search goes on.
static int search(const char *file, const char *path, const char *cwd,
                  int (*attempt)(const char *, const void *), const void *with)
{
    char candidate[PATH_MAX];
    int error = ENOENT;
    if (strchr(file, '/')) {
        const char *prefix = file[0] == '/' ? "" : cwd;
        int length = snprintf(candidate, sizeof candidate, "%s%s%s", prefix, *prefix ? "/" : "", file);
        if (length < 0 || (size_t)length >= sizeof candidate)
            return ENAMETOOLONG;
        return attempt(candidate, with) == 0 ? 0 : errno;
    }
    for (const char *at = path;; at++) {
        size_t length = strcspn(at, ":");
        const char *folder = length ? at : *cwd ? cwd : ".";
        int written = snprintf(candidate, sizeof candidate, "%.*s/%s",
                               length ? (int)length : (int)strlen(folder), folder, file);
        if (written > 0 && (size_t)written < sizeof candidate) {
            if (attempt(candidate, with) == 0)
                return 0;
            if (errno == EACCES || errno == EISDIR)
                error = EACCES;
            else if (errno != ENOENT && errno != ENOTDIR)
                return errno;
        }
        at += length;
        if (*at == 0)
            return error;
    }
}

static int look(const char *candidate, const void *with)
{
    struct stat info;
    (void)with;
    if (stat(candidate, &info) < 0)
        return -1;
    if (!S_ISDIR(info.st_mode) && (info.st_mode & 0111))
        return 0;
    errno = S_ISDIR(info.st_mode) ? EISDIR : EACCES;
    return -1;
}

int op_find_executable(struct context *c, const struct args_find_executable *a)
{
    int error = *a->file ? search(a->file, a->path, a->cwd, look, NULL) : ENOENT;
    return error ? fail(c, strchr(a->file, '/') ? "stat" : "execvp", error, "%s", a->file) : 0;
}

static const char *field(const char *line, int number)
{
    for (; line && number > 0; number--) {
        line = strchr(line, ':');
        line = line ? line + 1 : NULL;
    }
    return line;
}

// Whether the line of passwd(5) is the user's; then its folder is in home.
static bool is_home(const char *line, int64_t uid, char *home, size_t size)
{
    const char *id = field(line, 2), *folder = field(line, 5);
    char *end;
    if (!id || !folder || *id < '0' || *id > '9' || *folder != '/')
        return false;
    if (strtoll(id, &end, 10) != uid || *end != ':')
        return false;
    int length = snprintf(home, size, "HOME=%.*s", (int)strcspn(folder, ":"), folder);
    return length > 0 && (size_t)length < size;
}

// The file is the image's: it may be a FIFO, endless, or not there; then HOME stays as the plan has it.
static bool find_home(int64_t uid, char *home, size_t size)
{
    enum { CHUNKS = 256 };
    char text[4096];
    size_t held = 0;
    struct stat info;
    CLOSE_FD int fd = open("/etc/passwd", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))
        return false;
    for (int i = 0; i < CHUNKS; i++) {
        ssize_t got = RETRY(read(fd, text + held, sizeof text - 1 - held));
        held += got > 0 ? (size_t)got : 0;
        text[held] = 0;
        char *line = text;
        for (char *end; (end = strchr(line, '\n')); line = end + 1) {
            *end = 0;
            if (is_home(line, uid, home, size))
                return true;
        }
        if (got <= 0)
            return is_home(line, uid, home, size);
        held -= (size_t)(line - text);
        if (held == sizeof text - 1)
            return false; // a line that is none
        memmove(text, line, held);
    }
    return false;
}

static int start(const char *candidate, const void *with)
{
    const struct args_execve *a = with;
    return execve(candidate, a->args.items, a->env.items);
}

int op_execve(struct context *c, const struct args_execve *a)
{
    char home[PATH_MAX];
    if (a->home >= 0 && a->env.count > 0 && find_home(a->home, home, sizeof home))
        ((char **)(uintptr_t)a->env.items)[a->env.count - 1] = home; // the arena is ours to write to
    // a relative file is searched from the working directory, where we are
    int error = *a->file ? search(a->file, a->path, "", start, a) : ENOENT;
    return fail(c, "execve", error, "%s", a->file);
}
