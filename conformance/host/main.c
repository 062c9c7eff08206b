// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "errnos.h"
#include "warden.h"

int complain(const char *call, const char *what)
{
    (void)fprintf(stderr, "warden: %s%s%s: %s\n", call, *what ? " " : "", what, errno_name(errno));
    return EXIT_SETUP;
}

int usage(void)
{
    (void)fputs("usage: warden reap [--user] [--cgroup2] COMMAND ARGS…\n"
                "       warden console SOCKET\n"
                "       warden listener SOCKET [errno N | continue]\n",
                stderr);
    return EXIT_USAGE;
}

int die_with_parent(void)
{
    pid_t before = getppid();
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == before;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } subcommands[] = {{"reap", reap}, {"console", console}, {"listener", listener}};
    if (argc < 2)
        return usage();
    if (!die_with_parent())
        return complain("prctl", "PR_SET_PDEATHSIG");
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++)
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return subcommands[i].run(argc - 1, argv + 1);
    return usage();
}
