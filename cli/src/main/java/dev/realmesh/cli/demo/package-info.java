// SPDX-License-Identifier: Apache-2.0

/// The demo: the main job from nothing, on a mesh of its own. Start at [dev.realmesh.cli.demo.Demo].
@NullMarked
package dev.realmesh.cli.demo;

import org.jspecify.annotations.NullMarked;
