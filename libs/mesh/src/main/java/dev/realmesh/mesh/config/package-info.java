// SPDX-License-Identifier: Apache-2.0
/// Configuration: one YAML file with overrides from the environment, bound to records. Start at
/// [dev.realmesh.mesh.config.Default] for what a record says about its keys.
@NullMarked
package dev.realmesh.mesh.config;

import org.jspecify.annotations.NullMarked;
