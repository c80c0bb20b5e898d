// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

/// A Realm to launch.
///
/// @param image what it is for, as lists show it; 1 to 512 characters
/// @param initdata the Realm's initdata
/// @param guestImage name of the guest image that it is booted from; empty for the host's usual one
/// @param shape memory and processors
public record RealmSpec(String image, InitdataDisk initdata, String guestImage, RealmShape shape) {
    private static final int MAX_IMAGE_CHARACTERS = 512;

    public RealmSpec {
        if (image.isBlank() || image.length() > MAX_IMAGE_CHARACTERS) {
            throw new LaunchException.BadRequest(
                    "image: %d characters (expected: 1 to %d)".formatted(image.length(), MAX_IMAGE_CHARACTERS));
        }
    }
}
