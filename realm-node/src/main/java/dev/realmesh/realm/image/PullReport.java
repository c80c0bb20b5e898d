// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.unpack.UnpackReport;
import java.time.Instant;

/// What pulling the layers took.
///
/// @param storedBytes read from the host, as they are stored
/// @param lastByte when the last of them came; layers are unpacked while they come
/// @param unpacked what became of them
public record PullReport(long storedBytes, Instant lastByte, UnpackReport unpacked) {}
