// SPDX-License-Identifier: Apache-2.0
/// Configuration: one YAML file with overrides from the environment, bound to records. Start at
/// [dev.realmesh.mesh.config.Configuration].
@NullMarked
package dev.realmesh.mesh.config;

import org.jspecify.annotations.NullMarked;
