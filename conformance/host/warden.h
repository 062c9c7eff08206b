// SPDX-License-Identifier: Apache-2.0
#pragma once

// The conformance suite's program outside of containers: a subcommand a file.

enum exit_code { EXIT_USAGE = 64, EXIT_SETUP = 125, EXIT_NOT_EXECUTED = 127 };

// argv[0] is the subcommand's name, argv[argc] is NULL; what they return is warden's exit code.
int reap(int argc, char **argv);
int console(int argc, char **argv);
int listener(int argc, char **argv);

// "warden: mount /proc: EPERM" with errno's name; returns EXIT_SETUP.
int complain(const char *call, const char *what);
int usage(void);

// Dies with its parent from now on. False when the parent is gone already: nobody would end this process.
int die_with_parent(void);
