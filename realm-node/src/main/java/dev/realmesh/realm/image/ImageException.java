// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

/// Why an image was not pulled; content that is not what it should be is a [dev.realmesh.oci.OciException].
public abstract sealed class ImageException extends RuntimeException {
    private ImageException(String message) {
        super(message);
    }

    private ImageException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The image policy of the Realm's initdata says no.
    public static final class Refused extends ImageException {
        Refused(String message) {
            super(message);
        }
    }

    /// There is no such image or blob.
    public static final class NotFound extends ImageException {
        public NotFound(String message) {
            super(message);
        }
    }

    /// The registry does not give it to the Realm's login, or the Realm may not ask there.
    public static final class Denied extends ImageException {
        Denied(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// What should have the Realm's logins has none.
    public static final class BadCredentials extends ImageException {
        BadCredentials(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The image cannot be run here, though it is what it says.
    public static final class NotRunnable extends ImageException {
        NotRunnable(String message) {
            super(message);
        }
    }

    /// There is no room for it, in this Realm or at image service.
    public static final class NoRoom extends ImageException {
        public NoRoom(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Image service or registry, or the way to them, does not work now.
    public static final class Unavailable extends ImageException {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
