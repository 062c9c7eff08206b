// SPDX-License-Identifier: Apache-2.0
#pragma once

// The engine as it stands once the bundle is loaded, made when the program is built and part of its file.
//
// Setting up the language and reading the bytecode of a command takes longer than the command. So the build
// links the program with this section empty, runs it once to load everything, and puts the section, now
// full, into the finished program: a static program at fixed addresses finds every pointer right. The pages
// are the file's, copied by the kernel when they are written to.

#include <quickjs.h>
#include <stdbool.h>

// For everything the engine's heap consists of. Named as an identifier, so that the linker makes
// __start_engine_snapshot and __stop_engine_snapshot.
#define IN_SNAPSHOT __attribute__((section("engine_snapshot")))

struct snapshot {
    bool taken;
    JSContext *context;
    JSValue host;  // the host object, but for what differs from run to run
    JSValue entry; // the bundle's main function
};

extern struct snapshot snapshot;

// Loads the bundle and writes the section to a file; the exit status of a program that is not finished yet.
int snapshot_take(const char *path);
