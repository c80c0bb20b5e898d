// SPDX-License-Identifier: Apache-2.0

/// How a Realm's measurements come about, by the rules of RMM 1.0: the RMM itself and whoever computes reference values
/// offline apply the same code. Start at [dev.realmesh.cca.measurement.RealmInitialMeasurement].
@NullMarked
package dev.realmesh.cca.measurement;

import org.jspecify.annotations.NullMarked;
