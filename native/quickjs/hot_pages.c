// SPDX-License-Identifier: Apache-2.0

#include "hot_pages.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cleanup.h"
#include "populate.h"
#include "write_all.h"

enum { PAGE = 4096, ROWS = 128 };

struct row {
    uint16_t first;
    uint16_t count;
};

enum { EVERY, MAKING, LISTS };

struct hot_pages {
    uint16_t learned; // lists that are complete
    uint16_t count[LISTS];
    struct row rows[LISTS][ROWS];
};

// Filled in by the build, so it must not be found constant: no static.
struct hot_pages hot_pages __attribute__((section("hot_pages_section")));

extern uint8_t __start_engine_snapshot[], __stop_engine_snapshot[];

bool hot_pages_known(void)
{
    return hot_pages.learned == LISTS;
}

static int copy(int list)
{
    for (size_t i = 0; i < hot_pages.count[list]; i++) {
        const struct row *row = &hot_pages.rows[list][i];
        if (madvise(__start_engine_snapshot + (size_t)row->first * PAGE, (size_t)row->count * PAGE,
                    MADV_POPULATE_WRITE) < 0)
            return -1; // an older kernel; nothing is lost but time
    }
    return 0;
}

// Taken for one whose command it is: a container of that name costs nothing but some time.
static bool makes_plan(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "create") == 0 || strcmp(argv[i], "run") == 0 || strcmp(argv[i], "exec") == 0)
            return true;
    return false;
}

void hot_pages_copy(int argc, char **argv)
{
    if (getauxval(AT_PAGESZ) == PAGE && copy(EVERY) == 0 && makes_plan(argc, argv))
        (void)copy(MAKING);
}

// A page of ours that is in memory and no longer the file's has been written to: proc_pid_pagemap(5), bits 63
// and 61.
static bool is_own(uint64_t entry)
{
    return entry >> 63 && !(entry >> 61 & 1);
}

static bool is_known(size_t page)
{
    for (int list = 0; list < hot_pages.learned; list++)
        for (size_t i = 0; i < hot_pages.count[list]; i++)
            if (page - hot_pages.rows[list][i].first < hot_pages.rows[list][i].count)
                return true;
    return false;
}

static void add(int list, size_t page)
{
    uint16_t *count = &hot_pages.count[list];
    struct row *rows = hot_pages.rows[list];
    if (*count > 0 && (size_t)rows[*count - 1].first + rows[*count - 1].count == page)
        rows[*count - 1].count++;
    else if (*count < ROWS)
        rows[(*count)++] = (struct row){.first = (uint16_t)page, .count = 1};
}

int hot_pages_learn(const char *path)
{
    // where the build may not see it nothing is learned, and the program is slower
    CLOSE_FD int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    size_t pages = (size_t)(__stop_engine_snapshot - __start_engine_snapshot) / PAGE;
    for (size_t page = 0; pagemap >= 0 && page < pages; page++) {
        uint64_t entry;
        uintptr_t number = (uintptr_t)__start_engine_snapshot / PAGE + page;
        if (pread(pagemap, &entry, sizeof entry, (off_t)(number * sizeof entry)) != (ssize_t)sizeof entry)
            return -1;
        if (is_own(entry) && !is_known(page))
            add(hot_pages.learned, page);
    }
    hot_pages.learned++;
    CLOSE_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    return fd < 0 ? -1 : write_all(fd, &hot_pages, sizeof hot_pages);
}
