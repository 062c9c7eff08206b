// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every part of the probe knows: how a question is answered, and how the answers are told.

#include <stdbool.h>
#include <stddef.h>

#include "json.h"

// What an answer function returns.
enum outcome {
    ANSWERED, // the answer is written
    FAILED,   // see cannot()
    SAID,     // the line is out already, see say()
};

// words[0] is the question's name, `ask` the whole question; words[count] is NULL.
struct question {
    const char *ask;
    char **words;
    size_t count;
};
typedef enum outcome answer(const struct question *question, struct json *answer);

// The question cannot be answered: returns FAILED, and remembers errno and the call for the line.
enum outcome cannot(const char *call);
// The same for a question that is none: the probe's exit code becomes 2.
enum outcome not_understood(void);

// Writes `{"ask":…,"answer":null}` now, for what is known to be done before it is.
void say(const char *ask);

bool parse_number(const char *word, int base, unsigned long long *number);

answer answer_log, answer_say, answer_sleep, answer_await, answer_exit, answer_die, answer_pause,
    answer_await_signal, answer_signals, answer_spawn, answer_forks, answer_allocate, answer_spin, answer_run,
    answer_call, answer_call_in_thread;
answer answer_identity, answer_command_line, answer_environment, answer_capabilities, answer_limits,
    answer_security, answer_scheduling, answer_memory_policy, answer_personality, answer_descriptors,
    answer_terminal, answer_stdin;
answer answer_namespaces, answer_names, answer_clocks, answer_mounts, answer_interfaces;
answer answer_lstat, answer_stat, answer_list, answer_read, answer_file_system;
answer answer_open, answer_read_byte, answer_write, answer_create, answer_mkdir, answer_remove, answer_chmod,
    answer_chown, answer_mknod, answer_mount, answer_umount;
