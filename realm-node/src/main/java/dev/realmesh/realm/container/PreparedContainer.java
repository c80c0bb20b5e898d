// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.image.ResolvedImage;

/// A container that can be started: its image is unpacked, its bundle written, its secrets are open.
///
/// @param image what it runs
/// @param bundle its bundle
/// @param process its first process
/// @param options how it is run
/// @param stopSignal asks it to end
/// @param remark what a person should know of how it runs, may be empty
record PreparedContainer(
        ResolvedImage image,
        Bundle bundle,
        ProcessSpec process,
        ContainerOptions options,
        int stopSignal,
        String remark) {}
