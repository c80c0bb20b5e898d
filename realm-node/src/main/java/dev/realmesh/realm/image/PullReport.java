// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import java.time.Instant;

/// What pulling the layers took.
///
/// @param storedBytes read from the host, as they are stored
/// @param lastByte when the last of them came; layers are unpacked while they come
/// @param entries files, directories and links unpacked
/// @param fileBytes of the files
public record PullReport(long storedBytes, Instant lastByte, int entries, long fileBytes) {}
