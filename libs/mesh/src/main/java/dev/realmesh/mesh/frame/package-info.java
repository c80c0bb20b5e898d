// SPDX-License-Identifier: Apache-2.0
/// The wire of the mesh: frames of many gRPC streams, carried in numbered packets. No gRPC, no Vert.x, no I/O;
/// the layout is in the module's README. Start at [dev.realmesh.mesh.frame.Frame], then
/// [dev.realmesh.mesh.frame.PacketReader], which takes bytes from peers that may be hostile.
@NullMarked
package dev.realmesh.mesh.frame;

import org.jspecify.annotations.NullMarked;
