// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the C library offers to a JavaScript engine: one function for each entry of lib/host.ts.
// It knows no engine. Functions that return int give 0, or -1 with *failure filled. What they hand
// out is malloc'ed and the caller's, unless said otherwise.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct runts_failure {
    const char *syscall; // static text
    int error;           // errno
    char path[256];      // what it was about, shortened at the front
};

struct runts_bytes {
    uint8_t *data;
    size_t length;
};
void runts_free_bytes(struct runts_bytes *bytes);

struct runts_strings {
    char **items;
    size_t count;
};
void runts_free_strings(struct runts_strings *strings);

// Words of a plan or of a seccomp profile, in wire form (plan.h). Appending past memory sets `broken`.
struct runts_words {
    uint8_t *data;
    size_t length;
    size_t capacity;
    bool broken;
};
void runts_words_int(struct runts_words *words, uint64_t value); // two's complement for negative ones
void runts_words_string(struct runts_words *words, const char *text, size_t length);
void runts_words_bytes(struct runts_words *words, const uint8_t *data, size_t length);
void runts_free_words(struct runts_words *words);

int runts_read_file(const char *path, size_t limit, struct runts_bytes *out, struct runts_failure *failure);
// Whether the bytes are strict UTF-8 without NUL (neither engine checks for itself).
bool runts_is_utf8(const uint8_t *data, size_t length);
// duplicates: JSON pointers; integers: pointer, literal, pointer, literal …
// The text must be valid JSON already; on anything else the result is unspecified but bounded.
int runts_scan_json(const uint8_t *data, size_t length, struct runts_strings *duplicates,
                    struct runts_strings *integers, struct runts_failure *failure);
int runts_list(const char *path, struct runts_strings *out, struct runts_failure *failure);
// "missing", "file", "directory", "symlink", "socket" or "other" (lstat(2)); NULL on failure
const char *runts_kind(const char *path, struct runts_failure *failure);
bool runts_writable(const char *path);
// A descriptor that holds the folder's flock(2); EBUSY when another holds it for longer, ENOENT when it is
// gone.
int runts_lock(const char *path, int64_t milliseconds, struct runts_failure *failure);
void runts_unlock(int lock);
int runts_real_path(const char *path, struct runts_bytes *out, struct runts_failure *failure);
int runts_read_link(const char *path, struct runts_bytes *out, struct runts_failure *failure);
int runts_cwd(struct runts_bytes *out, struct runts_failure *failure);
uint64_t runts_now(void); // nanoseconds of CLOCK_MONOTONIC

// SHA-256 as 64 hexadecimal digits and NUL
void runts_digest(const char *text, size_t length, char out[65]);
// Over the 32-bit words of the bytes, as this machine has them; bytes behind the last whole word are left
// out.
uint32_t runts_checksum(const uint8_t *data, size_t length);
const char *runts_seccomp_version(void); // "2.5.4", static
const char *runts_architecture(void);    // uname(2)'s machine, static
// The name of a system call of this machine, empty for a number that is none.
void runts_system_call(int number, char name[64]);
int runts_compile_seccomp(const struct runts_words *profile, struct runts_bytes *out,
                          struct runts_failure *failure);

int runts_write(int fd, const char *text, size_t length, struct runts_failure *failure);
int runts_append(const char *path, const char *text, size_t length, struct runts_failure *failure);
int runts_overwrite(const char *path, const char *text, size_t length, struct runts_failure *failure);
int runts_replace_file(const char *path, const uint8_t *data, size_t length, struct runts_failure *failure);
// EEXIST when there is anything of that name. The folder is made when it is missing.
int runts_new_file(const char *folder, const char *name, const char *text, size_t length,
                   struct runts_failure *failure);

// A descriptor of a file of the kernel that tells of its changes by POLLPRI; with a trigger, of a pressure
// file it is written to (the kernel's accounting/psi.rst). The caller's to close.
int runts_watch(const char *path, const char *trigger, int *watched, struct runts_failure *failure);
enum { RUNTS_WATCHED_MAX = 16 };
// Until one of them has changed since it was opened or last waited for, or until so many milliseconds have
// passed (-1: no end), or a signal came. Which, in *changed.
int runts_wait(const int *watched, size_t count, int milliseconds, bool *changed,
               struct runts_failure *failure);

// The standard output and error of a program, found as execvp(3) does, and its exit status (128 + signal
// when killed); its standard input is empty. E2BIG past `limit` bytes.
int runts_output(const struct runts_strings *args, size_t limit, struct runts_bytes *out, int *status,
                 struct runts_failure *failure);

// Of the terminal behind a descriptor; both 0 when it is none.
void runts_screen_size(int fd, int *columns, int *rows);
// Until runts_release_terminal, standard input gives single keys, unseen. The farewell is written to
// standard output then, and also when SIGHUP, SIGINT, SIGQUIT or SIGTERM ends the process before.
int runts_hold_terminal(const char *farewell, size_t length, struct runts_failure *failure);
int runts_release_terminal(struct runts_failure *failure);
// What was typed, as ASCII; empty after so many milliseconds or a signal. The end of input is EOT (4).
int runts_read_keys(int milliseconds, char keys[16], size_t *length, struct runts_failure *failure);

// What was found at a path, without following any symlink.
struct runts_sight {
    const char *kind; // as runts_kind
    uint32_t mode, uid, gid;
    uint64_t mount_flags;       // ST_* of statvfs(3)
    uint32_t file_system;       // its magic number, statfs(2)
    struct runts_bytes content; // of a symlink its target, of a file its first `limit` bytes
};
// Of the folder itself when the path is "". Nothing below the folder is followed: ELOOP at a symlink on the
// way, EXDEV for what leads out.
int runts_look(const char *root, const char *path, size_t limit, struct runts_sight *out,
               struct runts_failure *failure);
// Asks the kernel whether it can, changing nothing: 0, or the errno it says no with. Names are in probe.c.
int runts_probe(const char *name, const char *text, uint64_t number);

struct runts_warning {
    int process;
    int step;
    int error;
    char *detail;
};

struct runts_tracing {
    uint64_t since;           // 0 for no trace
    bool lines;               // instead of events
    struct runts_words names; // for each process the number of its steps, and of each step its name and its
                              // origin, both "" where they are not known
};

struct runts_outcome {
    int process; // -1: every step succeeded
    int step;
    char syscall[32];
    int error;
    char *detail; // never NULL after runts_execute
    int pid;
    int exit_status;
    char *events; // NULL unless traced: what was done, as lines of JSON; trace_report.h
    char *lines;  // or as lines for people
    struct runts_warning *warnings;
    size_t warning_count;
};
// Never fails in itself: what went wrong is in the outcome. With `trace_since`, a time of runts_now, it keeps
// a trace that counts from there.
void runts_execute(const struct runts_words *plan, const struct runts_tracing *tracing,
                   struct runts_outcome *outcome);
void runts_free_outcome(struct runts_outcome *outcome);

// The blob of runts-init, linked in by the build.
extern const uint8_t runts_init_blob[];
extern const size_t runts_init_blob_length;

#ifdef __cplusplus
}
#endif
