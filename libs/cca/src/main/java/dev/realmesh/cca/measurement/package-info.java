// SPDX-License-Identifier: Apache-2.0

/// How a Realm's measurements come about. The RMM itself and whoever computes reference values offline apply the same
/// code. Start at [dev.realmesh.cca.measurement.RealmInitialMeasurement]; what counts, and how, is a matter of the
/// RMM's
/// version: [dev.realmesh.cca.measurement.MeasurementRule].
@NullMarked
package dev.realmesh.cca.measurement;

import org.jspecify.annotations.NullMarked;
