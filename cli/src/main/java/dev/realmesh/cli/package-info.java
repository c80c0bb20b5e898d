// SPDX-License-Identifier: Apache-2.0

/// The command line: what a person types. [dev.realmesh.cli.Main] lists the commands, `command` holds one class for
/// each,
/// `mesh` is all services in one process, `demo` is the main job from nothing.
@NullMarked
package dev.realmesh.cli;

import org.jspecify.annotations.NullMarked;
