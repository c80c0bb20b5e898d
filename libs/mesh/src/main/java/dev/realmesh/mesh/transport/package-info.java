// SPDX-License-Identifier: Apache-2.0
/// grpc-java's transport SPI over sessions of packets, whatever carries these: the one package that imports
/// `io.grpc.internal`, whose shape is pinned by the version of grpc-java and held by its interop suite. Start at
/// [dev.realmesh.mesh.transport.SessionTransport], which makes the builders of channels and servers; then
/// [dev.realmesh.mesh.transport.Session].
@NullMarked
package dev.realmesh.mesh.transport;

import org.jspecify.annotations.NullMarked;
