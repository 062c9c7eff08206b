// SPDX-License-Identifier: Apache-2.0

// The conformance suite's program inside containers: answers the questions on its command line
// (questions.ts).

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "start.h"

// How many words a question has besides its name.
static const struct entry {
    const char *name;
    size_t least, most;
    answer *answer;
} entries[] = {
    {"identity", 0, 0, answer_identity},
    {"commandLine", 0, 0, answer_command_line},
    {"environment", 0, 0, answer_environment},
    {"capabilities", 0, 0, answer_capabilities},
    {"limits", 0, 0, answer_limits},
    {"security", 0, 0, answer_security},
    {"scheduling", 0, 0, answer_scheduling},
    {"memoryPolicy", 0, 0, answer_memory_policy},
    {"personality", 0, 0, answer_personality},
    {"signals", 0, 0, answer_signals},
    {"descriptors", 0, 0, answer_descriptors},
    {"terminal", 0, 0, answer_terminal},
    {"stdin", 0, 0, answer_stdin},
    {"namespaces", 0, 0, answer_namespaces},
    {"names", 0, 0, answer_names},
    {"clocks", 0, 0, answer_clocks},
    {"mounts", 0, 0, answer_mounts},
    {"interfaces", 0, 0, answer_interfaces},
    {"lstat", 1, 1, answer_lstat},
    {"stat", 1, 1, answer_stat},
    {"list", 1, 1, answer_list},
    {"read", 1, 1, answer_read},
    {"fileSystem", 1, 1, answer_file_system},
    {"open", 2, 2, answer_open},
    {"readByte", 1, 1, answer_read_byte},
    {"write", 2, 2, answer_write},
    {"create", 1, 1, answer_create},
    {"mkdir", 1, 1, answer_mkdir},
    {"remove", 1, 1, answer_remove},
    {"chmod", 2, 2, answer_chmod},
    {"chown", 3, 3, answer_chown},
    {"mknod", 4, 4, answer_mknod},
    {"mount", 2, 2, answer_mount},
    {"unmount", 1, 1, answer_umount},
    {"run", 1, SIZE_MAX, answer_run},
    {"call", 1, 7, answer_call},
    {"callInThread", 1, 1, answer_call_in_thread},
    {"forks", 1, 1, answer_forks},
    {"allocate", 1, 1, answer_allocate},
    {"spin", 1, 1, answer_spin},
    {"log", 2, 2, answer_log},
    {"say", 1, 1, answer_say},
    {"sleep", 1, 1, answer_sleep},
    {"await", 1, 1, answer_await},
    {"spawn", 0, 0, answer_spawn},
    {"awaitSignal", 0, 0, answer_await_signal},
    {"pause", 0, 0, answer_pause},
    {"exit", 1, 1, answer_exit},
    {"die", 1, 1, answer_die},
};

enum exit_code { EXIT_NOT_UNDERSTOOD = 2, EXIT_LINE_LOST = 3 };
static bool misunderstood;

enum outcome not_understood(void)
{
    misunderstood = true;
    errno = EINVAL;
    return cannot("ask");
}

bool parse_number(const char *word, int base, unsigned long long *number)
{
    char *end;
    if (*word < '0' || *word > '9')
        return false;
    errno = 0;
    *number = strtoull(word, &end, base);
    return errno == 0 && !*end;
}

// Splits `text` at each blank; NULL without memory.
static char **split(char *text, size_t *count)
{
    size_t blanks = 0;
    for (const char *at = text; *at; at++)
        blanks += *at == ' ';
    char **words = calloc(blanks + 2, sizeof *words);
    if (!words)
        return NULL;
    *count = 0;
    for (char *word; (word = strsep(&text, " "));)
        words[(*count)++] = word;
    return words;
}

static enum outcome find_answer(const struct question *question, struct json *answer)
{
    size_t arguments = question->count - 1;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        const struct entry *entry = &entries[i];
        if (strcmp(entry->name, question->words[0]) == 0)
            return arguments >= entry->least && arguments <= entry->most ? entry->answer(question, answer)
                                                                         : not_understood();
    }
    return not_understood();
}

// The words are kept: `log` remembers one of them.
static void reply(const char *ask)
{
    struct json answer = {0};
    struct question question = {.ask = ask};
    enum outcome outcome;
    char *text = strdup(ask);
    question.words = text ? split(text, &question.count) : NULL;
    outcome = question.words ? find_answer(&question, &answer) : cannot("malloc");
    if (outcome == ANSWERED)
        line_answer(ask, &answer);
    else if (outcome == FAILED)
        line_failure(ask);
    json_free(&answer);
}

int main(int argc, char **argv)
{
    start_note(argv);
    for (int i = 1; i < argc; i++)
        reply(argv[i]);
    return misunderstood ? EXIT_NOT_UNDERSTOOD : line_lost() ? EXIT_LINE_LOST : 0;
}
