// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;

/// Content on its way from an untrusted source: passes the bytes on and, at their end, refuses them unless digest and
/// size are the ones that were asked for. A consumer must therefore read to the end before it believes anything.
///
/// Faults of the source become [UncheckedIOException], so that a decoder above can tell them from content that it
/// cannot decode.
public final class VerifyingInputStream extends BulkInputStream {
    private static final long ANY_SIZE = -1;

    private final InputStream source;
    private final String what;
    private final OciDigest expected;
    private final long expectedSize;
    private final MessageDigest hash;
    private long count;
    private boolean verified;

    private VerifyingInputStream(InputStream source, String what, OciDigest expected, long expectedSize) {
        this.source = source;
        this.what = what;
        this.expected = expected;
        this.expectedSize = expectedSize;
        this.hash = expected.algorithm().newHash();
    }

    /// Content of a blob, bound to its descriptor's digest and size.
    public static VerifyingInputStream of(Descriptor descriptor, InputStream source) {
        return new VerifyingInputStream(source, "blob " + descriptor.digest(), descriptor.digest(), descriptor.size());
    }

    /// Content of which only the digest is known.
    public static VerifyingInputStream of(String what, OciDigest digest, InputStream source) {
        return new VerifyingInputStream(source, what, digest, ANY_SIZE);
    }

    /// How many bytes have passed.
    public long count() {
        return count;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = readSource(buffer, offset, length);
        if (read < 0) {
            verify();
            return -1;
        }
        count += read;
        if (expectedSize != ANY_SIZE && count > expectedSize) {
            throw new OciException.SizeMismatch(what, "more than " + expectedSize, expectedSize);
        }
        hash.update(buffer, offset, read);
        return read;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private int readSource(byte[] buffer, int offset, int length) {
        try {
            return source.read(buffer, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void verify() {
        if (verified) {
            return;
        }
        if (expectedSize != ANY_SIZE && count != expectedSize) {
            throw new OciException.SizeMismatch(what, Long.toString(count), expectedSize);
        }
        OciDigest actual = OciDigest.of(expected.algorithm(), hash.digest());
        if (!actual.equals(expected)) {
            throw new OciException.DigestMismatch(what, actual, expected);
        }
        verified = true;
    }
}
