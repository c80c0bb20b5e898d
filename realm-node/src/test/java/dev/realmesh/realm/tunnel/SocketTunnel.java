// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;

/// A tunnel that is a socket, as image-service opens one.
public record SocketTunnel(Socket socket) implements Tunnel {
    /// Opens one.
    public static Tunnel open(String host, int port) {
        try {
            return new SocketTunnel(new Socket(host, port));
        } catch (IOException e) {
            throw new TunnelException.Unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public InputStream input() {
        try {
            return socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public OutputStream output() {
        try {
            return socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
