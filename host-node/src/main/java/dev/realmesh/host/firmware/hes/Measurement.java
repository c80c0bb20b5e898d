// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.hes;

import dev.realmesh.cca.token.SoftwareComponent;
import dev.realmesh.host.firmware.image.FirmwareImage;

/// A measurement that the root of trust took.
///
/// @param measuredBy who measured
/// @param component what was measured
public record Measurement(FirmwareImage measuredBy, SoftwareComponent component) {}
