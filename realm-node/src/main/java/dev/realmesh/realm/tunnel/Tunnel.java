// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.tunnel;

import java.io.InputStream;
import java.io.OutputStream;

/// A connection to a host outside. One thread may read while another one writes.
public interface Tunnel extends AutoCloseable {
    /// What the host sends; its end is the host's. A tunnel that breaks off is an [java.io.IOException].
    InputStream input();

    /// What the host gets, without delay.
    OutputStream output();

    /// Ends both directions.
    @Override
    void close();
}
