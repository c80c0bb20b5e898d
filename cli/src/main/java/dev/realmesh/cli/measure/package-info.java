// SPDX-License-Identifier: Apache-2.0

/// `realmesh measure`: the measurements of a Realm, computed from the command line of its virtual machine monitor as
/// upstream's `realm-measurements` does, and why two of them differ. Start at
/// [dev.realmesh.cli.measure.MeasureCommand].
@NullMarked
package dev.realmesh.cli.measure;

import org.jspecify.annotations.NullMarked;
