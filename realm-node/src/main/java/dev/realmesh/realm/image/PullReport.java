// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import java.time.Duration;

/// What pulling the layers took.
///
/// @param storedBytes read from the host, as they are stored
/// @param waited of the whole time, the part spent waiting for the host
/// @param entries files, directories and links unpacked
/// @param fileBytes of the files
public record PullReport(long storedBytes, Duration waited, int entries, long fileBytes) {}
